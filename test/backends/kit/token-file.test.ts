import { execFileSync } from "node:child_process";
import { mkdtemp, rename, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { TokenFile } from "../../../src/backends/kit/token-file.ts";
import { failure } from "../../transport/http/fixture.ts";

/** Runs a test with the path of a file that does not exist yet. */
async function withPath(run: (path: string) => Promise<void>): Promise<void> {
	const directory = await mkdtemp(join(tmpdir(), "spear-token-"));
	try {
		await run(join(directory, "token"));
	} finally {
		await rm(directory, { recursive: true });
	}
}

const CANARY = "ey-canary-token-3fb1";

test("a token is read without the space around it, and again once the file has changed", () =>
	withPath(async (path) => {
		await writeFile(path, "first\n");
		const file = new TokenFile(path, "token_file");
		assert.is(await file.read(), "first");
		await writeFile(path, " other\n");
		assert.is(await file.read(), "other");
		await writeFile(`${path}.new`, "third");
		await rename(`${path}.new`, path);
		assert.is(await file.read(), "third");
	}));

test("a change of the time alone is seen, because a token of the same length may have replaced another", () =>
	withPath(async (path) => {
		await writeFile(path, "aaaa");
		const file = new TokenFile(path, "token_file");
		assert.is(await file.read(), "aaaa");
		await writeFile(path, "bbbb");
		await utimes(path, 1, 1);
		assert.is(await file.read(), "bbbb");
	}));

test("a link to a file is followed, as orchestrators replace tokens", () =>
	withPath(async (path) => {
		await writeFile(`${path}.1`, "one");
		await writeFile(`${path}.2`, "two");
		await symlink(`${path}.1`, path);
		const file = new TokenFile(path, "token_file");
		assert.is(await file.read(), "one");
		await symlink(`${path}.2`, `${path}.link`);
		await rename(`${path}.link`, path);
		assert.is(await file.read(), "two");
	}));

test("the former token stays while the file is empty, and a first read needs one", () =>
	withPath(async (path) => {
		await writeFile(path, "");
		const file = new TokenFile(path, "token_file");
		assert.match((await failure(file.read())).message, /: it is empty; /);
		await writeFile(path, "token");
		assert.is(await file.read(), "token");
		await writeFile(path, "");
		assert.is(await file.read(), "token");
		await writeFile(path, "next");
		assert.is(await file.read(), "next");
	}));

/** Files without a token, and the reason. */
const FAULTS: Readonly<Record<string, readonly [(path: string) => Promise<void> | void, string]>> = {
	"no file": [() => {}, "no such file"],
	"a directory": [async (path) => void (await mkdtemp(`${path}-`).then((made) => rename(made, path))), "it is not a file"],
	"a pipe": [(path) => void execFileSync("mkfifo", [path]), "it is not a file"],
	"a large file": [(path) => writeFile(path, CANARY.repeat(10_000)), "it has more than 65536 bytes"],
	"two lines": [(path) => writeFile(path, `${CANARY}\n${CANARY}`), "it has several lines, and a token has one"],
	"a whole header": [
		(path) => writeFile(path, `Bearer ${CANARY}\n`),
		"it begins with the word Bearer, which the host adds; write the token alone",
	],
	"the answer of a token server": [
		(path) => writeFile(path, JSON.stringify({ access_token: CANARY })),
		"it holds JSON; write the token alone",
	],
	"a text in UTF-16": [(path) => writeFile(path, `\ufeff${CANARY}`, "utf16le"), "it holds characters that no header can carry"],
	"other characters": [(path) => writeFile(path, `${CANARY}é`), "it holds characters that no header can carry"],
};

for (const [name, [make, reason]] of Object.entries(FAULTS)) {
	test(`${name} is refused with the name of the option and none of the content`, () =>
		withPath(async (path) => {
			await make(path);
			const error = await failure(new TokenFile(path, "token_file").read());
			assert.is(error.message, `the backend's token cannot be read: ${reason}; its operator must check the option token_file`);
			assert.equal([error.code, error.attribution, error.processed, error.retryable], ["backend_error", "credentials", "no", false]);
			assert.not(inspect(error, { depth: 10, showHidden: true }).includes(CANARY));
		}));
}

test.run();
