import { sourceMapOf } from "../debug/source-map/section.ts";
import { parseComponent } from "./binary/parse-component.ts";
import { sha256 } from "./files/file-record.ts";
import type { Plan } from "./plan/plan.ts";
import { planParsed } from "./plan/plan-component.ts";

/**
 * A component as data: its plan and its core modules. What a prepared agent holds on disk.
 *
 * The core modules are not metered: the host meters them when it loads the agent. To verify modules that `spear build` had metered would read the
 * same bytes by the same rules, at 85 % of the cost. And a prepared agent needs no trust.
 */
export interface PreparedAgent {
	/** Name for messages. */
	readonly name: string;
	/** Checksum of the whole, as hexadecimal SHA-256. */
	readonly digest: string;
	readonly plan: Plan;
	/** Core modules, in the plan's order. */
	readonly modules: readonly Uint8Array[];
	/** Source map of the guest's own code, as JSON. Absent: none. */
	readonly sourceMap?: string;
}

/** A component whose core modules are known, and whose plan is not made yet: V8 compiles the modules while the host makes the plan. */
export interface UnplannedAgent {
	/** Core modules, in the plan's order. The plan may leave some out, which are never instantiated. */
	readonly modules: readonly Uint8Array[];
	/**
	 * Makes the plan, or checks that of a prepared agent.
	 *
	 * @throws SpearError `invalid_request` for a component that is not valid, and for a plan that is none.
	 */
	prepare(): PreparedAgent;
}

/**
 * Makes a prepared agent of a component. Runs no code of the component. The cost is linear in the bytes.
 *
 * @param name Name for messages.
 * @param digest SHA-256 of the bytes, as hexadecimal. The default is computed.
 * @throws SpearError `invalid_request` for bytes that are no component, or that need what this host does not have.
 */
export function prepareComponent(bytes: Uint8Array, name: string, digest = sha256(bytes)): PreparedAgent {
	return readComponent(bytes, name, digest).prepare();
}

/**
 * Reads a component as far as its core modules.
 *
 * @throws As {@link prepareComponent}.
 */
export function readComponent(bytes: Uint8Array, name: string, digest: string): UnplannedAgent {
	const component = parseComponent(bytes);
	return {
		modules: component.modules,
		prepare() {
			const { plan, modules } = planParsed(component);
			const sourceMap = sourceMapOf(bytes);
			return { name, digest, plan, modules, ...(sourceMap === undefined ? {} : { sourceMap }) };
		},
	};
}
