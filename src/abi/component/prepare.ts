import { createHash } from "node:crypto";
import { sourceMapOf } from "../debug/source-map/section.ts";
import { meterCoreModule } from "./metering/meter-core-module.ts";
import type { MeteringMode } from "./metering/metering-mode.ts";
import type { Plan } from "./plan/plan.ts";
import { planComponent } from "./plan/plan-component.ts";

/** A component as data: its plan and its core modules. What a prepared agent holds on disk. */
export interface PreparedAgent {
	/** Name for messages. */
	readonly name: string;
	/** Checksum of the whole, as hexadecimal SHA-256. */
	readonly digest: string;
	readonly plan: Plan;
	/** Core modules, in the plan's order. */
	readonly modules: readonly Uint8Array[];
	/** Metering of the modules. */
	readonly metering: MeteringMode;
	/** Source map of the guest's own code, as JSON. Absent: none. */
	readonly sourceMap?: string;
}

/**
 * Makes a prepared agent of a component. Runs no code of the component. The cost is linear in the bytes.
 *
 * @param name Name for messages.
 * @throws SpearError `invalid_request` for bytes that are no component, or that need what this host does not have.
 */
export function prepareComponent(bytes: Uint8Array, name: string, metering: MeteringMode): PreparedAgent {
	const { plan, modules } = planComponent(bytes);
	const digest = createHash("sha256").update(bytes).digest("hex");
	const sourceMap = sourceMapOf(bytes);
	return metered({ name, digest, plan, modules, metering: "off", ...(sourceMap === undefined ? {} : { sourceMap }) }, metering);
}

/** Returns the agent with metered core modules. An agent that is metered already stays as it is. */
export function metered(agent: PreparedAgent, metering: MeteringMode): PreparedAgent {
	if (metering === "off" || agent.metering !== "off") return agent;
	return { ...agent, modules: agent.modules.map((module) => meterCoreModule(module, { mode: metering })), metering };
}
