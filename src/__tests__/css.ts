/** No style sheet: nothing is drawn in these tests. */
export default '';
