/** The types of the part of the package that is used; it has none itself. */
declare module 'jstat' {
  const jstat: {
    readonly studentt: {
      /** The value below which a share of Student's t with so many degrees of freedom lies. */
      inv(share: number, degreesOfFreedom: number): number;
    };
  };
  // eslint-disable-next-line no-restricted-syntax -- this is what the package exports
  export default jstat;
}
