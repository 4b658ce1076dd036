import { createCoreCalls } from "../../src/hostcall/core/core-calls.ts";
import type { CoreScope } from "../../src/hostcall/core/core-scope.ts";
import type { GuestLimits } from "../../src/hostcall/scope.ts";
import { MemoryAccount } from "../../src/memory/memory-account.ts";
import { TotalMemory } from "../../src/memory/total-memory.ts";
import { type ScriptedScope, scriptedScope } from "./guest-scope.ts";

export type CoreFixture = ReturnType<typeof createCoreCalls> & {
	readonly scope: ScriptedScope;
	readonly account: MemoryAccount;
};

export interface CoreFixtureOptions extends Pick<CoreScope, "streams" | "microphone"> {
	readonly limits?: Partial<GuestLimits>;
	/** Limit of the account, in bytes. The default is 64 MiB. */
	readonly maxBytes?: number;
}

/** Creates the hostcalls of a core module, with a clock that the test controls and an account of memory. */
export function coreCalls({ limits = {}, maxBytes = 67_108_864, streams, microphone }: CoreFixtureOptions = {}): CoreFixture {
	const scope = scriptedScope([], limits);
	const account = new MemoryAccount({ limit: maxBytes, total: new TotalMemory(Number.POSITIVE_INFINITY), overheadBytes: 0 });
	const calls = createCoreCalls({ ...scope, memory: account, streams, microphone }, { callTool: async () => ({ code: -5 }) });
	return { ...calls, scope, account, [Symbol.dispose]: () => calls[Symbol.dispose]() };
}
