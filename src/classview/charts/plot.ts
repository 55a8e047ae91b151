// What is used of Observable Plot, in a chunk of its own.
export type { PlotOptions } from '@observablehq/plot';
export {
  areaY,
  barX,
  dot,
  lineY,
  plot,
  ruleX,
  ruleY,
  stackX,
  text,
  tickX
} from '@observablehq/plot';
