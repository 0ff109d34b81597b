/** The whole library in one file, which loads in a seventh of the time that its four hundred modules take. */
declare module 'echarts/dist/echarts.esm.min.mjs' {
  export * from 'echarts';
}
