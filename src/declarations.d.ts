/** A file that is shipped gzipped: its address. */
declare module '*?packed' {
  const address: string;
  export default address;
}

/** A style sheet: its text. */
declare module '*.raw.css' {
  const text: string;
  export default text;
}

/** A catalogue of translations. */
declare module '*.json?words' {
  const catalogue: unknown;
  export default catalogue;
}
