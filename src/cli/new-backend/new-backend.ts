import { join, relative, resolve } from "node:path";
import process from "node:process";
import { SpearError } from "../../errors/spear-error.ts";
import { builtInKinds } from "../../host/built-in-kinds.ts";
import { EXIT } from "../exit-codes.ts";
import { jsonLine } from "../json-line.ts";
import { printFailure } from "../print-failure.ts";
import { version } from "../version.ts";
import { backendFiles } from "./files.ts";
import { namesOf, TEMPLATE_OPERATIONS, type TemplateOperation } from "./names.ts";
import { writeNewFiles } from "./write-new-files.ts";

/** Options of `spear new backend`. */
export interface NewBackendCommand {
	/** Folder of the package. The default is the name of the kind. */
	readonly dir?: string;
	/** The default is chat_completions. */
	readonly operations?: readonly string[];
	readonly json?: boolean;
}

/** Runs `spear new backend`: writes a package with a backend kind. Overwrites nothing. Returns the exit code. */
export async function newBackend(kind: string, command: NewBackendCommand): Promise<number> {
	try {
		const directory = resolve(command.dir ?? kind);
		const files = [...backendFiles(namesOf(checkedKind(kind), checkedOperations(command.operations), version()))];
		await writeNewFiles(directory, files);
		const names = files.map(([name]) => name);
		const place = relative(process.cwd(), directory) || ".";
		process.stdout.write(
			command.json
				? jsonLine({ kind, directory, files: names })
				: `${names.map((name) => `wrote ${join(place, name)}\n`).join("")}next: cd ${place}, npm install, npm test; README.md says how a host uses the kind\n`,
		);
		return EXIT.ok;
	} catch (thrown) {
		return printFailure(thrown, command);
	}
}

function checkedKind(kind: string): string {
	if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(kind) || kind.length > 64)
		throw new SpearError("invalid_request", `'${kind}' cannot name a backend kind; use lower-case words joined by '-', such as my-vendor`);
	if (!builtInKinds().includes(kind)) return kind;
	throw new SpearError("invalid_request", `there is a kind '${kind}' in every host; give yours another name, such as my-${kind}`);
}

function checkedOperations(names: readonly string[] = ["chat_completions"]): readonly TemplateOperation[] {
	const unknown = names.find((name) => !TEMPLATE_OPERATIONS.some((operation) => operation === name));
	if (unknown === undefined && names.length > 0) return TEMPLATE_OPERATIONS.filter((operation) => names.includes(operation));
	const wrong = unknown === undefined ? "no operation is named" : `there is no template for '${unknown}'`;
	throw new SpearError("invalid_request", `--operations: ${wrong}; there are templates for ${TEMPLATE_OPERATIONS.join(" and ")}`);
}
