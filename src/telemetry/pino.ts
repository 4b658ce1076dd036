/** The parts of pino that the log uses. The build bundles them into this file, because the package brings nine others. */
export { pino } from "pino";
