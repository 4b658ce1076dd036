import type { ReloadReport } from "../../host/reload-report.ts";
import type { NameDiff as HostNameDiff } from "../../host/settings-diff.ts";
import type { ConfigDiff, NameDiff } from "./api.ts";

/** Returns the changes of a reload as the admin API shows them. */
export function configDiffOf({ diff, replaced, needRestart }: ReloadReport): ConfigDiff {
	return {
		backends: nameDiffOf(diff.backends),
		replaced_backends: [...replaced],
		routes: nameDiffOf(diff.routes),
		guests: nameDiffOf(diff.guests),
		agents: nameDiffOf(diff.agents),
		clients: nameDiffOf(diff.clients),
		need_restart: [...needRestart],
	};
}

function nameDiffOf({ added, removed, changed }: HostNameDiff): NameDiff {
	return { added: [...added], removed: [...removed], changed: [...changed] };
}
