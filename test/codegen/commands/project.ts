import * as fs from "node:fs";
import * as path from "node:path";
import { run } from "../../../codegen/commands/program.ts";
import { inScratch, put } from "../write/scratch.ts";

/** What a command printed, and its exit code. */
export interface Ran {
	readonly code: number;
	readonly out: string;
	readonly err: string;
}

/** A project in a directory of its own, in which commands run. */
export class Project {
	readonly directory: string;

	constructor(directory: string) {
		this.directory = directory;
	}

	async run(
		args: readonly string[],
		{ stdin = "", signal }: { readonly stdin?: string; readonly signal?: AbortSignal } = {},
	): Promise<Ran> {
		let out = "";
		let err = "";
		const code = await run(args, {
			cwd: this.directory,
			stdout: (text) => {
				out += text;
			},
			stderr: (text) => {
				err += text;
			},
			stdin: async () => stdin,
			color: false,
			...(signal === undefined ? {} : { signal }),
		});
		return { code, out, err };
	}

	put(file: string, text: string): void {
		put(this.directory, file, text);
	}

	read(file: string): string {
		return fs.readFileSync(path.join(this.directory, file), "utf8");
	}

	has(file: string): boolean {
		return fs.existsSync(path.join(this.directory, file));
	}

	path(file: string): string {
		return path.join(this.directory, file);
	}
}

export const LEDGER = `package bank:ledger@1.0.0;

/// Accounts.
interface accounts {
    /// A posting.
    record posting {
        /// Account.
        account: string,
        /// Amount in cents.
        cents: s64,
    }

    /// Books a posting.
    book: func(posting: posting) -> result<u64, string>;
}

/// A guest that books.
world clerk {
    import accounts;

    /// Day's work.
    export work: func();
}
`;

/** Runs `work` in a project with one WIT package. */
export function inProject<T>(work: (project: Project) => Promise<T>, wit = LEDGER): Promise<T> {
	return inScratch(async (directory) => {
		const project = new Project(directory);
		if (wit !== "") project.put("wit/ledger.wit", wit);
		return work(project);
	});
}
