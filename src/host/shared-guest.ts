import type { GuestModule } from "../abi/guest-module.ts";
import { GuestHandles } from "../hostcall/guest-handles.ts";
import { instanceServices } from "../hostcall/instance-services.ts";
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
		const { onCheck, ...provided } = services;
		const { limits, faults } = services;
		const resources = new GuestHandles(limits.maxHandles);
		const closeHandles = (): void => {
			for (const cause of resources.disposeAll()) faults.error({ err: cause }, "a handle could not be disposed");
		};
		try {
			const instance = await module.instantiate({
				...instanceServices({ ...provided, resources }),
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
