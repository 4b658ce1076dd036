/** Scratch directories for the tests of the code generator, and pictures of what is in them. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { OwnedFile } from "../../../codegen/write/manifest.ts";

/** Runs `body` in a fresh directory and removes it afterwards. */
export async function inScratch<T>(body: (directory: string) => T | Promise<T>): Promise<T> {
	const directory = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "spear-codegen-"));
	try {
		return await body(directory);
	} finally {
		fs.rmSync(directory, { recursive: true, force: true });
	}
}

/** Emitted files from `{ path: text }`. */
export function emitted(files: Readonly<Record<string, string>>): OwnedFile[] {
	return Object.entries(files).map(([file, text]) => ({ path: file, emitter: "test", content: Buffer.from(text) }));
}

/** Path → text of every file below a directory; symbolic links as `-> target`. */
export function treeOf(directory: string): Record<string, string> {
	const found: [string, string][] = [];
	const visit = (prefix: string): void => {
		for (const entry of fs.readdirSync(path.join(directory, prefix), { withFileTypes: true })) {
			const name = prefix + entry.name;
			const file = path.join(directory, name);
			if (entry.isDirectory()) visit(`${name}/`);
			else found.push([name, entry.isSymbolicLink() ? `-> ${fs.readlinkSync(file)}` : fs.readFileSync(file, "utf8")]);
		}
	};
	if (fs.existsSync(directory)) visit("");
	return Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The same without the manifest, whose text follows from the rest. */
export function filesOf(directory: string): Record<string, string> {
	const { "manifest.json": _manifest, ...files } = treeOf(directory);
	return files;
}

/** Path → inode and time of last change in ns of everything below a directory, directories included. */
export function stampsOf(directory: string): Record<string, string> {
	const stamps: Record<string, string> = {};
	for (const name of ["", ...fs.readdirSync(directory, { recursive: true, encoding: "utf8" }).sort()]) {
		const stat = fs.lstatSync(path.join(directory, name), { bigint: true });
		stamps[name] = `${stat.ino} ${stat.mtimeNs} ${stat.ctimeNs}`;
	}
	return stamps;
}

export function put(directory: string, file: string, text: string): void {
	fs.mkdirSync(path.dirname(path.join(directory, file)), { recursive: true });
	fs.writeFileSync(path.join(directory, file), text);
}
