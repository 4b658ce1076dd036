import type { DeprecatedImport } from "../abi/component/deprecated-import.ts";
import type { Logger } from "../telemetry/logger.ts";

/** Names that this process has logged. Hosts of one process share them. */
const loggedByProcess = new Set<string>();

/** Logs the deprecated functions and interfaces that guests import, each name once a process. Otherwise every load would repeat the line. */
export class DeprecationWarnings {
	readonly #logger: Logger;
	readonly #logged: Set<string>;

	/** @param logged Names that were logged before. The default is those of the process. */
	constructor(logger: Logger, logged = loggedByProcess) {
		this.#logger = logger;
		this.#logged = logged;
	}

	/** Logs one line with the names that no line had before, or none. */
	report(guest: string, imports: readonly DeprecatedImport[]): void {
		const fresh = imports.filter(({ name }) => !this.#logged.has(name));
		if (fresh.length === 0) return;
		for (const { name } of fresh) this.#logged.add(name);
		const list = fresh.map(({ name, since, replacement }) => {
			const advice = replacement === undefined ? "" : `, use \`${replacement}\``;
			return `\`${name}\` (since ${since}${advice})`;
		});
		this.#logger.warn(
			{ guest, deprecated: fresh },
			`the guest imports what is deprecated, and a later version of the ABI may lack: ${list.join(", ")}`,
		);
	}
}
