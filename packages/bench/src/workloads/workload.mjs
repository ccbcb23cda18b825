// What a workload is.

/** @typedef {import('../measure/measure.mjs').Settings} Settings */
/** @typedef {import('../report/report.mjs').Section} Section */

/**
 * @typedef {object} Workload
 * @property {readonly string[]} data names of the data that it needs
 * @property {(settings: Settings) => Promise<Section>} run
 */

export {};
