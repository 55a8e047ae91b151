// HogQL, parsed by PostHog's own parser, and printed in the form in which PostHog gives it to ClickHouse.
//
// As a program: takes `queries`, `literals` (what stands for names such as __items__, some of each) and
// `prints` (the numbers of both, and the options of a printer) as JSON on standard input, and gives the list
// of what is printed. Parsing takes a second a query.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import hogqlParser from '@posthog/hogql-parser';

// As in posthog/hogql/functions: what PostHog prints a function as, with what behind its arguments.
const PRINTED = new Map([
  ['toInt', ['accurateCastOrNull', "'Int64'"]],
  ['toFloat', ['accurateCastOrNull', "'Float64'"]],
  // A slip of PostHog's, which is what queries have to live with.
  ['arrayReverseSort', ['arraySort']],
  ['left', ['leftUTF8']],
  ['right', ['rightUTF8']]
]);
const ARITHMETIC = {
  '+': 'plus',
  '-': 'minus',
  '*': 'multiply',
  '/': 'divide',
  '%': 'modulo'
};
const COMPARISONS = {
  '==': 'equals',
  '!=': 'notEquals',
  '>': 'greater',
  '>=': 'greaterOrEquals',
  '<': 'less',
  '<=': 'lessOrEquals',
  in: 'in',
  'not in': 'notIn',
  like: 'like',
  'not like': 'notLike'
};
// With a value that is not known, PostHog has a comparison be false, and a negated one true.
const UNKNOWN = { notEquals: 1, notIn: 1, notLike: 1 };

/** Makes functions from a HogQL query or expression to its tree, which throw at what is no HogQL. */
export async function makeParser() {
  const parser = await hogqlParser();
  const read = (text, json) => {
    const tree = JSON.parse(json);
    if (tree.error) {
      throw new Error(`${tree.type}: ${tree.message}\n${text}`);
    }
    return tree;
  };
  return {
    parse: query => read(query, parser.parseSelect(query, true)),
    parseExpression: text => read(text, parser.parseExpr(text, true))
  };
}

/** Gives each node of a tree, the root first. */
export function* nodes(tree) {
  if (Array.isArray(tree)) {
    for (const each of tree) {
      yield* nodes(each);
    }
  } else if (tree && typeof tree === 'object') {
    if (tree.node) {
      yield tree;
    }
    for (const each of Object.values(tree)) {
      yield* nodes(each);
    }
  }
}

/** Prints a tree for ClickHouse. */
export class Printer {
  /**
   * @param variables the values of {variables.NAME}, by name
   * @param places trees for names such as __items__
   * @param filters the condition that stands for {filters}
   * @param nowMs the moment that now() is
   * @param isGuarded whether comparisons know no NULL, as PostHog prints those that may have one
   */
  constructor({
    variables = {},
    places = {},
    filters = 'true',
    nowMs,
    isGuarded = false
  }) {
    this._variables = variables;
    this._places = places;
    this._filters = filters;
    this._nowMs = nowMs;
    this._isGuarded = isGuarded;
  }

  print(node) {
    const print = this[node.node];
    if (!print) {
      throw new Error(`There is no printing of ${node.node}.`);
    }
    return print.call(this, node);
  }

  SelectQuery(node) {
    for (const name of ['prewhere', 'qualify', 'array_join_op', 'limit_by']) {
      if (node[name]) {
        throw new Error(`There is no printing of ${name}.`);
      }
    }
    const parts = [];
    if (node.ctes) {
      const ctes = Array.isArray(node.ctes)
        ? node.ctes
        : Object.values(node.ctes);
      parts.push(
        `WITH ${ctes.map(each => `${name(each.name)} AS (${this.print(each.expr)})`).join(', ')}`
      );
    }
    parts.push(
      `SELECT ${node.distinct ? 'DISTINCT ' : ''}${this._list(node.select)}`
    );
    if (node.select_from) {
      parts.push(`FROM ${this.print(node.select_from)}`);
    }
    if (node.where) {
      parts.push(`WHERE ${this.print(node.where)}`);
    }
    if (node.group_by) {
      parts.push(`GROUP BY ${this._list(node.group_by)}`);
    }
    if (node.having) {
      parts.push(`HAVING ${this.print(node.having)}`);
    }
    if (node.order_by) {
      parts.push(`ORDER BY ${this._list(node.order_by)}`);
    }
    if (node.limit) {
      parts.push(`LIMIT ${this.print(node.limit)}`);
    }
    return parts.join(' ');
  }

  SelectSetQuery(node) {
    return [
      this.print(node.initial_select_query),
      ...node.subsequent_select_queries.map(
        each => `${each.set_operator} ${this.print(each.select_query)}`
      )
    ].join(' ');
  }

  JoinExpr(node) {
    const table = this.print(node.table);
    const isQuery = node.table.node.startsWith('Select');
    let text = isQuery ? `(${table})` : table;
    if (node.alias) {
      text += ` AS ${name(node.alias)}`;
    }
    if (node.join_type) {
      text = `${node.join_type} ${text} ON ${this._unguarded(node.constraint.expr)}`;
    }
    return node.next_join ? `${text} ${this.print(node.next_join)}` : text;
  }

  Alias(node) {
    return `${this._nested(node.expr)} AS ${name(node.alias)}`;
  }

  Field(node) {
    if (node.chain[0] === 'properties' && node.chain.length > 1) {
      throw new Error(`properties.${node.chain[1]} depends on the project.`);
    }
    const [first] = node.chain;
    if (first in this._places) {
      return this._nested(this._places[first]);
    }
    return node.chain.map(part => (part === '*' ? part : name(part))).join('.');
  }

  Constant(node) {
    return literal(node.value);
  }

  Call(node) {
    if (node.name === 'now') {
      return `fromUnixTimestamp64Milli(toInt64(${this._nowMs}), 'UTC')`;
    }
    const [called, ...behind] = PRINTED.get(node.name) ?? [node.name];
    const params = node.params ? `(${this._list(node.params)})` : '';
    const args = node.args.map(each => this._nested(each));
    return `${called}${params}(${[...args, ...behind].join(', ')})`;
  }

  ArithmeticOperation(node) {
    return `${ARITHMETIC[node.op]}(${this._nested(node.left)}, ${this._nested(node.right)})`;
  }

  CompareOperation(node) {
    const called = COMPARISONS[node.op];
    if (!called) {
      throw new Error(`There is no printing of the comparison ${node.op}.`);
    }
    const text = `${called}(${this._nested(node.left)}, ${this._nested(node.right)})`;
    return this._isGuarded ? `ifNull(${text}, ${UNKNOWN[called] ?? 0})` : text;
  }

  And(node) {
    return `and(${node.exprs.map(each => this._nested(each)).join(', ')})`;
  }

  Or(node) {
    return `or(${node.exprs.map(each => this._nested(each)).join(', ')})`;
  }

  Not(node) {
    return `not(${this._nested(node.expr)})`;
  }

  Array(node) {
    return `[${this._list(node.exprs)}]`;
  }

  Tuple(node) {
    return `tuple(${this._list(node.exprs)})`;
  }

  TupleAccess(node) {
    return `tupleElement(${this._nested(node.tuple)}, ${node.index})`;
  }

  ArrayAccess(node) {
    return `arrayElement(${this._nested(node.array)}, ${this._nested(node.property)})`;
  }

  Lambda(node) {
    return `(${node.args.map(name).join(', ')}) -> ${this._nested(node.expr)}`;
  }

  OrderExpr(node) {
    return `${this._nested(node.expr)} ${node.order}`;
  }

  WindowFunction(node) {
    // What stands in the only brackets is in `exprs`, be it parameters or arguments.
    const [params, args] = node.args?.length
      ? [node.exprs, node.args]
      : [[], node.exprs ?? []];
    const before = params.length ? `(${this._list(params)})` : '';
    return `${node.name}${before}(${this._list(args)}) OVER (${this.print(node.over_expr)})`;
  }

  WindowExpr(node) {
    const parts = [];
    if (node.partition_by) {
      parts.push(`PARTITION BY ${this._list(node.partition_by)}`);
    }
    if (node.order_by) {
      parts.push(`ORDER BY ${this._list(node.order_by)}`);
    }
    if (node.frame_method) {
      const frame = `BETWEEN ${this.print(node.frame_start)} AND ${this.print(node.frame_end)}`;
      parts.push(`${node.frame_method} ${frame}`);
    }
    return parts.join(' ');
  }

  WindowFrameExpr(node) {
    return node.frame_type === 'CURRENT ROW'
      ? 'CURRENT ROW'
      : `${node.frame_value ?? 'UNBOUNDED'} ${node.frame_type}`;
  }

  Placeholder(node) {
    const [kind, key] = node.expr.chain;
    if (kind === 'filters') {
      return this._filters;
    }
    if (kind !== 'variables' || !(key in this._variables)) {
      throw new Error(`There is no value of {${node.expr.chain.join('.')}}.`);
    }
    return literal(this._variables[key]);
  }

  _list(all) {
    return all.map(each => this._nested(each)).join(', ');
  }

  _nested(node) {
    const text = this.print(node);
    return node.node.startsWith('Select') ? `(${text})` : text;
  }

  /** What joins are made by, which PostHog guards by no function. */
  _unguarded(node) {
    const before = this._isGuarded;
    this._isGuarded = false;
    const text = this._nested(node);
    this._isGuarded = before;
    return text;
  }
}

function name(text) {
  return `\`${String(text).replace(/[\\`]/g, '\\$&')}\``;
}

function literal(value) {
  if (value === null) {
    return 'NULL';
  }
  return typeof value === 'string'
    ? `'${value.replace(/[\\']/g, '\\$&').replace(/\n/g, '\\n').replace(/\t/g, '\\t')}'`
    : String(value);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { parse, parseExpression } = await makeParser();
  const { queries, literals, prints } = JSON.parse(readFileSync(0, 'utf8'));
  const trees = queries.map(parse);
  const places = literals.map(each =>
    Object.fromEntries(
      Object.entries(each).map(([place, text]) => [
        place,
        parseExpression(text)
      ])
    )
  );
  const printed = prints.map(({ query, literals: number, ...options }) =>
    new Printer({ ...options, places: places[number] }).print(trees[query])
  );
  process.stdout.write(JSON.stringify(printed));
}
