import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { notWritable, writeAtomically } from "../../build/write-output.ts";
import { SpearError } from "../../errors/spear-error.ts";
import { printable } from "../../formats/printable.ts";
import { EXIT } from "../exit-codes.ts";
import { jsonLine } from "../json-line.ts";
import { printFailure } from "../print-failure.ts";
import { schemaLocation } from "./schema-location.ts";
import { firstConfig } from "./template.ts";

/** Options of `spear init`. */
export interface InitCommand {
	/** Replaces a file that is there. */
	readonly force?: boolean;
	readonly json?: boolean;
}

/**
 * Runs `spear init`: writes a first `spear.toml`. Returns the exit code: 2 if something of that name is there already.
 *
 * @param folder Folder of the file. Created if it is absent.
 */
export async function init(folder: string, command: InitCommand): Promise<number> {
	try {
		if (folder === "") throw new SpearError("invalid_request", "the path of the folder is empty; name a folder, or omit the argument");
		await mkdir(folder, { recursive: true }).catch(notWritable(folder));
		const path = join(folder, "spear.toml");
		const schema = schemaLocation(folder);
		const text = Buffer.from(firstConfig(schema));
		if (command.force) await writeAtomically(path, text).catch(notWritable(path));
		else await writeFile(path, text, { flag: "wx" }).catch(refused(path));
		process.stdout.write(command.json ? jsonLine({ ok: true, path, schema }) : printable(nextSteps(path)));
		return EXIT.ok;
	} catch (thrown) {
		return printFailure(thrown, command);
	}
}

/** Returns a function that throws the reason for which a new file cannot be written. */
function refused(path: string): (thrown: unknown) => never {
	return (thrown) => {
		const exists = thrown instanceof Error && "code" in thrown && thrown.code === "EEXIST";
		if (exists) throw new SpearError("invalid_request", `${path} is there already, and stays as it is; --force replaces it`);
		return notWritable(path)(thrown);
	};
}

function nextSteps(path: string): string {
	const option = path === "spear.toml" ? "" : ` -c ${path}`;
	return [
		`${path} is written. It works as it is, without a key.`,
		"",
		`  spear backends${option}       shows what answers now`,
		`  spear check${option} --live   checks the file, and asks each backend, after you have added one`,
		`  spear run${option} agent.wasm runs an agent`,
		`  spear serve${option}          serves an OpenAI-compatible API and agents over HTTP`,
		"",
	].join("\n");
}
