import type { HostcallLimits } from "../../generated/abi/component/lowering/runtime.ts";

/** Bounds of one hostcall, until a run sets others. Larger data goes through the media store in parts. */
export const DEFAULT_HOSTCALL_LIMITS: HostcallLimits = { maxBytes: 24 * 1024 * 1024, maxItems: 100_000, maxHandles: 10_000 };
