import { randomBytes } from "node:crypto";
import type { Host } from "../../../host/host.ts";
import type { HostActivity } from "../../../host/status/host-activity.ts";
import type { BackendChanged, Decision } from "../api.ts";
import { configDiffOf } from "../config-diff-of.ts";
import { decisionOf, summaryOf } from "./decision-of.ts";
import { DecisionStore } from "./decision-store.ts";
import { ErrorLog } from "./error-log.ts";
import { EventHub } from "./event-hub.ts";
import { Traffic } from "./traffic.ts";

/** Events of a decision that are changes of a backend's state. */
const CHANGES = ["breaker_opened", "recovered", "ejected", "key_rejected", "key_cooldown"] as const satisfies BackendChanged["change"][];

/** The past of a host, for the admin API: collected from the host's activity, in bounded memory. */
export class AdminActivity {
	readonly decisions = new DecisionStore();
	readonly errors = new ErrorLog();
	readonly traffic = new Traffic();
	readonly events: EventHub;
	readonly #wallClock: () => number;
	#sequence = 0;

	/** @param wallClock Returns milliseconds since 1970. */
	constructor(wallClock: () => number) {
		this.#wallClock = wallClock;
		this.events = new EventHub(randomBytes(6).toString("hex"), wallClock);
	}

	/** Collects the activity of a host. Returns the function that ends this. */
	collect(host: Pick<Host, "observe">): () => void {
		return host.observe((activity) => this.#record(activity));
	}

	/** Present time, in milliseconds since 1970. */
	get now(): number {
		return this.#wallClock();
	}

	#record(activity: HostActivity): void {
		switch (activity.type) {
			case "decision": {
				this.#sequence += 1;
				const decision = decisionOf(activity, this.#sequence);
				this.decisions.add(decision);
				this.errors.record(activity);
				this.traffic.record(activity, decision);
				for (const event of changesOf(decision)) this.events.publish(event);
				this.events.publish({ type: "decision", at_ms: activity.atMs, decision: summaryOf(decision) });
				return;
			}
			case "override":
				for (const event of overrideChanges(activity)) this.events.publish(event);
				return;
			case "reload":
				this.events.publish({ type: "reload", at_ms: activity.atMs, diff: configDiffOf(activity.report) });
		}
	}
}

function changesOf({ id, events, started_at_ms, operation }: Decision): BackendChanged[] {
	const changes: BackendChanged[] = [];
	for (const { type, backend, at_ms, detail } of events) {
		const change = CHANGES.find((each) => each === type);
		if (change === undefined || backend === undefined) continue;
		const more = detail === undefined ? {} : { detail };
		changes.push({ type: "backend", at_ms: started_at_ms + at_ms, backend, operation, change, ...more, decision_id: id });
	}
	return changes;
}

function overrideChanges({ atMs, backend, before, after }: HostActivity & { readonly type: "override" }): BackendChanged[] {
	const changes: BackendChanged[] = [];
	const add = (change: BackendChanged["change"], detail?: string): void => {
		changes.push({ type: "backend", at_ms: atMs, backend, change, ...(detail === undefined ? {} : { detail }) });
	};
	if (before.enabled !== after.enabled) add(after.enabled === false ? "disabled" : "enabled");
	if (before.draining !== after.draining) add(after.draining === true ? "drain_started" : "drain_ended");
	if (before.weight !== after.weight)
		add("weight_changed", after.weight === undefined ? "that of the configuration" : String(after.weight));
	return changes;
}
