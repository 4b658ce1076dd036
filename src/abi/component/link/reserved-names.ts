import { SpearError } from "../../../errors/spear-error.ts";
import { METER_NAME } from "../../metering/module-layout.ts";
import type { CanonicalOptions, CoreItem, LiftedFunction, Plan } from "../plan/plan.ts";

/**
 * Refuses a plan that names the counter of the meter. Otherwise a core module could import the counter of another under any name, and set it.
 *
 * @throws SpearError `invalid_request`.
 */
export function refuseReservedNames(component: string, plan: Plan): void {
	for (const { imports } of plan.steps)
		for (const [module, from] of imports)
			if (module === METER_NAME || ("items" in from && from.items.some(([name, item]) => name === METER_NAME || isReserved(item))))
				throw refused(component);
	const lifted: LiftedFunction[] = Object.values(plan.exports);
	for (const trampoline of plan.trampolines) {
		if (trampoline.kind === "lower-lifted") lifted.push(trampoline.callee);
		if ("options" in trampoline && names(trampoline.options)) throw refused(component);
	}
	if (lifted.some(({ core, options }) => isReserved(core) || names(options))) throw refused(component);
	if (plan.resources.some(({ destructor }) => isReserved(destructor))) throw refused(component);
}

function names({ memory, realloc, postReturn }: CanonicalOptions): boolean {
	return isReserved(memory) || isReserved(realloc) || isReserved(postReturn);
}

function isReserved(item: CoreItem | undefined): boolean {
	return item !== undefined && "name" in item && item.name === METER_NAME;
}

function refused(component: string): SpearError {
	return new SpearError("invalid_request", `${component} cannot be loaded: it uses the name ${METER_NAME}, which is reserved for the host`);
}
