import { readFileSync } from "node:fs";
import { basename, relative, resolve } from "node:path";
import process from "node:process";
import { SpearError } from "../../errors/spear-error.ts";
import { EXIT } from "../exit-codes.ts";
import { jsonLine } from "../json-line.ts";
import { writeNewFiles } from "../new-backend/write-new-files.ts";
import { printFailure } from "../print-failure.ts";
import { version } from "../version.ts";
import { projectFiles } from "./project.ts";
import { isTemplate, TEMPLATES, templateFolder } from "./templates.ts";

/** Options of `spear new <name>`. */
export interface NewAgentCommand {
	/** The default is chat. */
	readonly template?: string;
	/** Folder of the project. The default is the name. */
	readonly dir?: string;
	readonly json?: boolean;
}

/** Runs `spear new <name>`: writes a project with a guest, its test and a configuration. Overwrites nothing. Returns the exit code. */
export async function newAgent(name: string, { template = "chat", dir, json }: NewAgentCommand): Promise<number> {
	try {
		const directory = resolve(dir ?? name);
		if (!isTemplate(template))
			throw new SpearError("invalid_request", `there is no template '${template}'; choose one of ${Object.keys(TEMPLATES).join(", ")}`);
		const chosen = TEMPLATES[template];
		const folder = templateFolder(template);
		const own = chosen.files.map((file): readonly [string, string] => [file, readFileSync(new URL(file, folder), "utf8")]);
		const files = [...own, ...projectFiles({ name: packageName(basename(name)), template, version: version() }, chosen)];
		await writeNewFiles(directory, files);
		const names = files.map(([file]) => file);
		const place = relative(process.cwd(), directory) || ".";
		const enter = place === "." ? "" : `cd ${place} && `;
		process.stdout.write(
			json
				? jsonLine({ name: basename(name), template, directory, files: names })
				: `wrote ${place}: ${names.join(", ")}\nnext: ${enter}npm install && npm test && npm start\n`,
		);
		return EXIT.ok;
	} catch (thrown) {
		return printFailure(thrown, json === undefined ? {} : { json });
	}
}

/** @throws SpearError `invalid_request` for a name that no package may have. */
function packageName(name: string): string {
	if (/^[a-z0-9][a-z0-9._-]{0,213}$/.test(name)) return name;
	throw new SpearError(
		"invalid_request",
		`'${name}' cannot name a package; use lower-case letters, digits, '-', '_' and '.', such as my-agent, and --dir for another folder`,
	);
}
