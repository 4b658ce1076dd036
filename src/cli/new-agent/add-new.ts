import { type Command, Option } from "commander";
import { newBackend } from "../new-backend/new-backend.ts";
import { type Finish, JSON_OUTPUT, names } from "../options.ts";
import { newAgent } from "./new-agent.ts";
import { TEMPLATES } from "./templates.ts";

/** Adds `spear new` and `spear new backend`. */
export function addNew(spear: Command, finish: Finish): void {
	const command = spear
		.command("new")
		.description("Write a project with a guest, its tests and a configuration.")
		.helpCommand(false)
		.argument("<name>", "The name of the project, and of its folder.")
		.addOption(new Option("--template <template>", "What the guest does.").choices(Object.keys(TEMPLATES)).default("chat"))
		.option("--dir <folder>", "Folder of the project, which must be empty or absent. The default is the name.")
		.option("--json", JSON_OUTPUT)
		.addHelpText(
			"after",
			() =>
				`\nTemplates:\n${Object.entries(TEMPLATES)
					.map(([name, { description }]) => `  ${name.padEnd(10)} ${description}`)
					.join("\n")}`,
		)
		.action(async (name, options) => finish(await newAgent(name, options)));
	command
		.command("backend")
		.description("Write a package with a new backend kind: an HTTP upstream, and a test that runs the conformance suite.")
		.argument("<kind>", "The name of the kind: lower-case words joined by `-`.")
		.option("--dir <folder>", "Folder of the package, which must be empty or absent. The default is the name of the kind.")
		.option(
			"--operations <operations>",
			"Operations of the kind, joined by commas: chat_completions, embeddings. The default is chat_completions.",
			names,
		)
		.option("--json", JSON_OUTPUT)
		.action(async (kind, _options, backend) => finish(await newBackend(kind, backend.optsWithGlobals())));
}
