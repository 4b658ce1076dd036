import { type Command, InvalidArgumentError, Option } from "commander";
import { OPERATIONS } from "../../../generated/ir/operations.ts";
import { duration, type Finish } from "../options.ts";
import { withConnection } from "./connection.ts";
import { decisions } from "./decisions.ts";
import { reload } from "./reload.ts";
import { top } from "./top.ts";

/** Most decisions that a server keeps. */
const MAX_LIMIT = 2_000;

/** Adds the commands that use the admin API of a running server. */
export function addAdmin(spear: Command, finish: Finish): void {
	withConnection(
		spear
			.command("top")
			.description("Show the state of a running `spear serve`: hosts, backends, guests, traffic and errors. `q` ends it."),
	)
		.option("--once", "Print the state once.")
		.addOption(new Option("--interval <duration>", "Time between two pictures, e.g. 5s.").argParser(duration).default(undefined, "2s"))
		.option("--json", "Print one JSON object, or one a line for each picture.")
		.action(async (options) => finish(await top(options)));
	withConnection(
		spear.command("decisions").description("Print the last decisions of a running `spear serve`, or one with its whole explanation."),
	)
		.argument("[id]", "Id of a decision: the header x-spear-decision of its answer.")
		.option("-f, --follow", "Print further decisions as they end, until Ctrl-C.")
		.addOption(new Option("--operation <operation>", "Only requests of this operation.").choices(Object.keys(OPERATIONS)))
		.option("--guest <name>", "Only requests of this guest.")
		.option("--backend <name>", "Only requests with an attempt at this backend.")
		.option("--model <name>", "Only requests that named this model.")
		.addOption(new Option("--status <status>", "Only requests that ended so.").choices(["ok", "failed", "cancelled"]))
		.option("--hedged", "Only requests with a hedge.")
		.option("--downgraded", "Only requests that were downgraded.")
		.option("--since <duration>", "Only requests that ended in this time before now, e.g. 5m.", duration)
		.addOption(
			new Option("-n, --limit <number>", "Most decisions; with --follow, those before the further ones.")
				.argParser(limit)
				.default(undefined, "20"),
		)
		.option("--json", "Print one JSON object a line for each decision.")
		.action(async (id, options) => finish(await decisions(id, options)));
	withConnection(
		spear
			.command("reload")
			.description("Have a running `spear serve` read its configuration again. What needs a restart is printed.")
			.option("--all", "Reload all hosts of [cluster], each from its own file: check all, then one after the other, until one fails.")
			.option("--dry-run", "Check the configuration, and print what would change.")
			.option("--json", "Print one JSON object, or with --all one a line for each step."),
	).action(async (options) => finish(await reload(options)));
}

function limit(text: string): number {
	const value = Number(text);
	if (/^\d{1,4}$/.test(text) && value >= 1 && value <= MAX_LIMIT) return value;
	throw new InvalidArgumentError(`It must be a whole number from 1 to ${MAX_LIMIT}.`);
}
