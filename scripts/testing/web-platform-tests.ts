/** Data of web-platform-tests, for the tests of the platform of guests: files of servo/rust-url, outside the repository. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import process from "node:process";

const COMMIT = "25137be1fc1d35cc8ea7d43fc0a02166b023a483";

/** Files by name: path in the repository, and SHA-256 of the content. */
const FILES = {
	"urltestdata.json": ["url/tests/urltestdata.json", "d2eef2efe1d230f86456b2910ddf268d755dcec4ee491efc1ecd7cf742d1499e"],
	"setters_tests.json": ["url/tests/setters_tests.json", "ca0fd23fa12bedd6a1258c66f641500349abd942fad9c23336f23d88ed4a9a47"],
	"base64.json": ["data-url/tests/base64.json", "0cdb75b4fcc46e4a6caa0e3b0005157a0d0be03e00bcf7b7054a045b1267568d"],
} as const;

export type WptFile = keyof typeof FILES;

/** Folder of the files. `SPEAR_TEST_WPT` names another one. */
export function wptFolder(): string {
	return process.env.SPEAR_TEST_WPT ?? join(homedir(), ".cache", "spear-hostcall-test-wpt");
}

/** Returns true if all files are there. */
export function hasWptData(): boolean {
	return Object.keys(FILES).every((name) => existsSync(join(wptFolder(), name)));
}

/**
 * Returns the content of a file.
 *
 * @throws Error for a file with another content than the tests know.
 */
export async function readWptData(name: WptFile): Promise<unknown> {
	const bytes = await readFile(join(wptFolder(), name));
	check(name, bytes);
	return JSON.parse(bytes.toString("utf8"));
}

/** Downloads the files. A file that is there stays. */
export async function fetchWptData(): Promise<void> {
	await mkdir(wptFolder(), { recursive: true });
	for (const [name, [path]] of Object.entries(FILES)) {
		const file = join(wptFolder(), name);
		if (existsSync(file)) continue;
		const response = await fetch(`https://raw.githubusercontent.com/servo/rust-url/${COMMIT}/${path}`, {
			signal: AbortSignal.timeout(30_000),
		});
		if (!response.ok) throw new Error(`${response.url} answers ${response.status}`);
		const bytes = new Uint8Array(await response.arrayBuffer());
		check(name, bytes);
		await writeFile(`${file}.tmp`, bytes);
		await rename(`${file}.tmp`, file);
	}
}

function check(name: string, bytes: Uint8Array): void {
	const [, expected] = FILES[name as WptFile];
	if (createHash("sha256").update(bytes).digest("hex") !== expected) throw new Error(`${name} is another file than the tests know`);
}
