/** Name of the file beside the WIT that records the ABI's shape. Apart from its reader, which a run with nothing to do never loads. */
export const LOCK_NAME = "abi.lock.json";
