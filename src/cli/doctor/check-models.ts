import { ModelStore } from "../../model-store/model-store.ts";
import { type DoctorCheck, failedCheck } from "./doctor-check.ts";

/** The parts of a store that are checked. */
export type CheckedStore = Pick<ModelStore, "models" | "status" | "verify">;

/**
 * Checks each model that a host can run on this machine.
 *
 * @param openStore The default is the store of this user.
 * @param options `verify` also compares the content of each file with its digest, which reads all of it.
 */
export async function checkModels(
	{ verify, signal }: { readonly verify: boolean; readonly signal: AbortSignal },
	openStore: () => CheckedStore = () => new ModelStore(),
): Promise<DoctorCheck[]> {
	const checks: DoctorCheck[] = [];
	let store: CheckedStore;
	try {
		store = openStore();
	} catch (thrown) {
		return [failedCheck("model", "store", thrown, "set SPEAR_MODELS to a directory")];
	}
	for (const model of store.models()) {
		const { name, operations } = model;
		const uses = operations.join(", ");
		const remedy = `spear models pull ${name}`;
		try {
			const found = await (verify ? store.verify(name, signal) : store.status(name));
			if (found.state === "whole") {
				checks.push({ area: "model", name, status: "ok", message: `${verify ? "verified" : "present"} (${uses})` });
				continue;
			}
			const status = found.state === "broken" ? "problem" : model.default ? "warning" : "ok";
			checks.push({ area: "model", name, status, message: `${found.reason} (${uses})`, remedy });
		} catch (thrown) {
			checks.push(failedCheck("model", name, thrown, remedy));
		}
	}
	return checks;
}
