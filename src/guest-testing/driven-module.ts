import { bindImports } from "../../generated/abi/component/imports.ts";
import type { ImportObject } from "../abi/component/import-object.ts";
import type { GuestInstance, GuestModule, InstanceHost, RunOutcome } from "../abi/guest-module.ts";

/** An instance whose guest runs elsewhere. */
export interface DrivenInstance {
	/** The functions and resources that the guest imports. */
	readonly imports: ImportObject;
	/** Resolves when the run has started. */
	readonly started: Promise<void>;
	/** Ends the run. */
	end(outcome: RunOutcome): void;
}

/** Returns a guest without code: its calls come from elsewhere, and `onInstance` receives what carries them out. */
export function drivenModule(name: string, onInstance: (instance: DrivenInstance) => void): GuestModule {
	return {
		name,
		abi: "component",
		initialBytes: 0,
		deprecated: [],
		locate: (text) => text,
		instantiate: async (host) => drivenInstance(host, onInstance),
	};
}

function drivenInstance<Scope>(
	{ families, scope, context, signal }: InstanceHost<Scope>,
	onInstance: (instance: DrivenInstance) => void,
): GuestInstance {
	const started = Promise.withResolvers<void>();
	const outcome = Promise.withResolvers<RunOutcome>();
	const trap = (): void => outcome.resolve({ trap: { kind: "aborted", message: "the run was aborted", stderr: "", cause: signal.reason } });
	onInstance({ imports: bindImports(families, scope, context), started: started.promise, end: outcome.resolve });
	return {
		cpuMs: 0,
		run(_input, { timeoutMs } = {}) {
			if (timeoutMs !== undefined) {
				const timer = setTimeout(
					() => outcome.resolve({ trap: { kind: "deadline", message: "the run reached its deadline", stderr: "", cause: undefined } }),
					timeoutMs,
				);
				void outcome.promise.then(() => clearTimeout(timer));
			}
			started.resolve();
			if (signal.aborted) trap();
			else signal.addEventListener("abort", trap, { once: true });
			return outcome.promise;
		},
		close() {},
	};
}
