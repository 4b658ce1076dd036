import type { NamedBackend } from "../config/backend-settings.ts";
import type { Settings } from "../config/settings.ts";

/** Changes by name. Names without a change are left out. */
export interface NameDiff {
	readonly added: readonly string[];
	readonly removed: readonly string[];
	readonly changed: readonly string[];
}

/** Differences between two configurations, by the names of their tables. */
export interface SettingsDiff {
	/** `changed` are backends with any other setting, those that were only weighted otherwise too. */
	readonly backends: NameDiff;
	/** Operations. */
	readonly routes: NameDiff;
	readonly guests: NameDiff;
	readonly agents: NameDiff;
	readonly clients: NameDiff;
}

/** Returns the differences between two configurations. */
export function settingsDiff(before: Settings, after: Settings): SettingsDiff {
	const of = (select: (settings: Settings) => ReadonlyMap<string, unknown>): NameDiff => nameDiff(select(before), select(after));
	return {
		backends: of(({ backends }) => new Map(backends.map((backend) => [backend.name, backendParts(backend)]))),
		routes: of(({ routes }) => routes),
		guests: of(guestParts),
		agents: of(({ serve }) => serve.agents),
		clients: of(({ serve }) => serve.clients),
	};
}

function backendParts({ kind, config, keyNames }: NamedBackend): unknown {
	return { kind: kind.name, config, keyNames };
}

/** Returns every setting of each guest. */
function guestParts({ guests, guestRuns, guestMcpServers, isolation }: Settings): ReadonlyMap<string, unknown> {
	const names = new Set([...guests.keys(), ...guestRuns.keys(), ...guestMcpServers.keys(), ...isolation.keys()]);
	return new Map([...names].map((name) => [name, [guests.get(name), guestRuns.get(name), guestMcpServers.get(name), isolation.get(name)]]));
}

function nameDiff(before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>): NameDiff {
	return {
		added: [...after.keys()].filter((name) => !before.has(name)),
		removed: [...before.keys()].filter((name) => !after.has(name)),
		changed: [...after.keys()].filter((name) => before.has(name) && textOf(before.get(name)) !== textOf(after.get(name))),
	};
}

/** Returns a value as text: equal values have equal texts. */
function textOf(value: unknown): string {
	return JSON.stringify(value, (_, member: unknown) => (member instanceof Map ? [...member] : member));
}
