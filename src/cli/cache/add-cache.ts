import process from "node:process";
import type { Command } from "commander";
import { printable } from "../../formats/printable.ts";
import { aligned } from "../aligned.ts";
import { EXIT } from "../exit-codes.ts";
import { jsonLine } from "../json-line.ts";
import { megabytes } from "../megabytes.ts";
import { type Finish, JSON_OUTPUT } from "../options.ts";
import { printFailure } from "../print-failure.ts";
import { cacheDirectory, type PartUse, partsOf } from "./parts.ts";

/** Adds `spear cache` and its subcommands. */
export function addCache(spear: Command, finish: Finish): void {
	const cache = spear
		.command("cache")
		.description("Manage the components that are kept on this machine. Each is made again when it is needed.")
		.helpCommand(false);
	cache
		.command("where")
		.description("Print the folder of the cache, and what it holds.")
		.option("--json", JSON_OUTPUT)
		.action(async (options) => finish(await cacheCommand(options, false)));
	cache
		.command("clean")
		.description("Remove all components of the cache. Models stay: `spear models remove` removes them.")
		.option("--json", JSON_OUTPUT)
		.action(async (options) => finish(await cacheCommand(options, true)));
}

async function cacheCommand(options: { readonly json?: boolean }, isRemoved: boolean): Promise<number> {
	try {
		const directory = cacheDirectory();
		const parts = await partsOf(directory, isRemoved);
		process.stdout.write(
			options.json ? jsonLine({ directory, removed: isRemoved, parts }) : printable(describe(directory, parts, isRemoved)),
		);
		return EXIT.ok;
	} catch (thrown) {
		return printFailure(thrown, options);
	}
}

function describe(directory: string, parts: readonly PartUse[], isRemoved: boolean): string {
	const rows = parts.map(({ name, holds, entries, bytes }) => [
		`  ${name}`,
		`${isRemoved ? "removed " : ""}${entries}`,
		megabytes(bytes),
		holds,
	]);
	return `${directory}\n${aligned(rows)}`;
}
