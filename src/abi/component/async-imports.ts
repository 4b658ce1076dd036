import { ASYNC_IMPORTS } from "../../../generated/host/imports.ts";

/** The hostcalls that may wait, by the transpiler's names: each has to suspend the guest that calls it. */
export const HOST_ASYNC_IMPORTS: readonly string[] = Object.values(ASYNC_IMPORTS).flat();
