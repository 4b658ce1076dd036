import type { GuestModule } from "../abi/guest-module.ts";
import { chargedPipeline } from "../hostcall/charged-pipeline.ts";
import { createCoreCalls } from "../hostcall/core/core-calls.ts";
import { families } from "../hostcall/families.ts";
import { logFault } from "../hostcall/fault-log.ts";
import { GuestHandles } from "../hostcall/guest-handles.ts";
import { hostcallLimits } from "../hostcall/hostcall-limits.ts";
import { createLogBudget } from "../hostcall/log-budget.ts";
import { toGuestError } from "../hostcall/to-guest-error.ts";
import type { PlacedGuest } from "./guest-services.ts";
import { SpareInstances } from "./spare-instances.ts";

/**
 * Returns a guest whose instances run in the host's own thread.
 *
 * @param spareCount Number of instances that are kept ready for the next runs.
 */
export function sharedGuest(module: GuestModule, spareCount: number): PlacedGuest {
	const spares = new SpareInstances(module, spareCount);
	const start: PlacedGuest["start"] = async (services) => {
		const {
			signal,
			limits,
			pipeline: requests,
			memory,
			media,
			hostTools,
			clock,
			writeLog,
			writeOutput,
			faults,
			onCheck,
			streams,
			microphone,
		} = services;
		const pipeline = chargedPipeline(requests, memory);
		const resources = new GuestHandles(limits.maxHandles);
		const logBudget = createLogBudget({ limits, clock, signal, writeLog });
		const output =
			(stream: "stdout" | "stderr") =>
			(line: string, isCut: boolean): void => {
				if (logBudget.admit(Buffer.byteLength(line))) writeOutput(stream, line, isCut);
			};
		const closeHandles = (): void => {
			for (const cause of resources.disposeAll()) faults.error({ err: cause }, "a handle could not be disposed");
		};
		try {
			const instance = await module.instantiate({
				families,
				core: createCoreCalls,
				scope: { signal, limits, pipeline, memory, media, hostTools, logBudget, writeLog, clock, streams, microphone },
				context: {
					resources,
					toError: (cause, site) => toGuestError(cause, site, faults).toRecord(),
					fault: (cause, site) => logFault(cause, site, faults),
				},
				signal,
				memory,
				hostcallLimits: hostcallLimits(limits),
				stdout: output("stdout"),
				stderr: output("stderr"),
				...(onCheck === undefined ? {} : { onCheck }),
			});
			spares.taken();
			return {
				run: (input, runLimits) => instance.run(input, runLimits),
				get cpuMs() {
					return instance.cpuMs;
				},
				close() {
					closeHandles();
					instance.close();
				},
			};
		} catch (cause) {
			closeHandles();
			throw cause;
		}
	};
	const { abi, initialBytes } = module;
	return { isolation: "shared", abi, locate: (text) => module.locate(text), initialBytes, start };
}
