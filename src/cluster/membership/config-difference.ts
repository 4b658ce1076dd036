import type { Logger } from "../../telemetry/logger.ts";
import type { Clock } from "../../time/clock.ts";
import type { HostList, KnownHost } from "./known-hosts.ts";

/** Time for which hosts may differ without a word, in milliseconds: a rolled reload changes one after the other. */
const TOLERANCE_MS = 15_000;

/** Most hosts that a log line names. */
const MAX_NAMES = 10;

/** Logs once that hosts have different configurations, and once that they have the same again. */
export class ConfigDifference {
	readonly #clock: Clock;
	readonly #logger: Logger;
	readonly #list: () => Promise<HostList>;
	#since: number | undefined;
	#isReported = false;

	/** @param list Returns the hosts, for their names. */
	constructor(clock: Clock, logger: Logger, list: () => Promise<HostList>) {
		this.#clock = clock;
		this.#logger = logger;
		this.#list = list;
	}

	/** @param others Number of hosts with another configuration than this one. */
	async observe(others: number, ownDigest: string): Promise<void> {
		if (others === 0) {
			this.#since = undefined;
			if (this.#isReported) this.#logger.info({}, "all hosts have the same configuration again");
			this.#isReported = false;
			return;
		}
		this.#since ??= this.#clock.now();
		if (this.#isReported || this.#clock.now() - this.#since < TOLERANCE_MS) return;
		this.#isReported = true;
		const { hosts } = await this.#list();
		const names = hosts.filter(({ card }) => card.config.digest !== ownDigest).map(nameOf);
		const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : "";
		this.#logger.warn(
			{ config: ownDigest.slice(0, 12), hosts: names.slice(0, MAX_NAMES) },
			`${others} of the hosts have another configuration than this one: ${names.slice(0, MAX_NAMES).join(", ")}${more}; give all hosts the same file, and run \`spear reload --all\``,
		);
	}
}

function nameOf({ name, card }: KnownHost): string {
	return `${name} (${card.config.digest.slice(0, 12)})`;
}
