import type { BackendDiff } from "./backend-set.ts";
import type { SettingsDiff } from "./settings-diff.ts";

/** The changes that a reload has made, or would make. */
export interface ReloadReport extends BackendDiff {
	/** False for a dry run. */
	readonly applied: boolean;
	/** Differences between the configurations, by the names of their tables. */
	readonly diff: SettingsDiff;
	/** SHA-256 of the configuration, without what differs between hosts by intention. */
	readonly digest: string;
	/** Keys whose value differs from the one that the host was created with, and takes effect only after a restart of the host. */
	readonly needRestart: readonly string[];
}
