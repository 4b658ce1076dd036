import type { ObservedDecision } from "../../router/decision/decision-observers.ts";
import type { BackendOverride } from "../../router/overrides.ts";
import type { ReloadReport } from "../reload-report.ts";

/** An event of a host, for operators. Times are in milliseconds since 1970. */
export type HostActivity =
	/** The final decision on a request, of any guest or client. */
	| ({ readonly type: "decision"; readonly atMs: number } & ObservedDecision)
	/** A change of the settings of a backend at run time. */
	| {
			readonly type: "override";
			readonly atMs: number;
			readonly backend: string;
			readonly before: BackendOverride;
			readonly after: BackendOverride;
	  }
	/** The configuration was reloaded. */
	| { readonly type: "reload"; readonly atMs: number; readonly report: ReloadReport };

export type HostActivityListener = (activity: HostActivity) => void;

/** Changes of the settings of a backend at run time. An absent member stays as it is. `null` returns to the configuration. */
export interface BackendChange {
	/** `false`: no new requests. */
	readonly enabled?: boolean | null;
	/** `true`: new requests only of sessions that the backend served last. */
	readonly draining?: boolean | null;
	/** From 0 to 1,000,000. */
	readonly weight?: number | null;
}

/** Returns an override with the changes. The values of the configuration, enabled and not draining, are no overrides. */
export function changedOverride(before: BackendOverride, change: BackendChange): BackendOverride {
	const enabled = change.enabled === undefined ? before.enabled : change.enabled;
	const draining = change.draining === undefined ? before.draining : change.draining;
	const weight = change.weight === undefined ? before.weight : (change.weight ?? undefined);
	return {
		...(enabled === false ? { enabled } : {}),
		...(draining === true ? { draining } : {}),
		...(weight === undefined ? {} : { weight }),
	};
}
