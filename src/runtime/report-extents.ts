/** How much of a report is made: everything, without pictures, or nothing. */
export const REPORT_EXTENTS = ['all', 'tables', 'none'] as const;

export type ReportExtent = (typeof REPORT_EXTENTS)[number];
