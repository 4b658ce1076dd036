import { ASYNC_IMPORTS } from "../../../../generated/abi/component/imports.ts";

/** Hostcalls that may wait, by the transpiler's names. Each suspends the guest that calls it. */
export const HOST_ASYNC_IMPORTS: readonly string[] = Object.values(ASYNC_IMPORTS).flat();
