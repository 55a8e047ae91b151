/** A file that is shipped gzipped: its address. */
declare module '*?packed' {
  const address: string;
  export default address;
}
