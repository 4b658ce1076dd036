/** The directory of the hostcalls of core modules, beside the WIT files of components. A run with nothing to do loads no more than its name. */
export const CORE_DIRECTORY = "spear-core";
