import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { parse } from "@bytecodealliance/jco";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const SOURCES = join(ROOT, "test/e2e/core/guests");
const HEADERS = join(ROOT, "generated/guest/core");
const CACHE = join(ROOT, ".cache/tests/core-guests");

/** Guests that are core modules: a source in C, and the macros that select a variant. */
export const CORE_GUESTS = {
	basics: { source: "basics.c" },
	bounds: { source: "bounds.c" },
	chat: { source: "chat.c" },
	"chat-tools": { source: "chat-tools.c" },
	echo: { source: "echo.c" },
	epolls: { source: "epolls.c" },
	flags: { source: "flags.c" },
	microphone: { source: "microphone.c" },
	streams: { source: "streams.c" },
	"transcribe-server": { source: "transcribe.c", define: "SEGMENT=0" },
	"transcribe-guest": { source: "transcribe.c", define: "SEGMENT=1" },
	"transcribe-host": { source: "transcribe.c", define: "SEGMENT=2" },
	"waits-sleep": { source: "waits.c", define: "WAIT=0" },
	"waits-epoll": { source: "waits.c", define: "WAIT=1" },
	"waits-chat": { source: "waits.c", define: "WAIT=2" },
	computes: { source: "waits.c", define: "WAIT=3" },
	allocates: { source: "waits.c", define: "WAIT=4" },
	floods: { source: "waits.c", define: "WAIT=5" },
} as const satisfies Record<string, { readonly source: string; readonly define?: string }>;

export type CoreGuestName = keyof typeof CORE_GUESTS;

/** Returns the names of all guests. */
export function coreGuestNames(): CoreGuestName[] {
	return Object.keys(CORE_GUESTS).filter((name): name is CoreGuestName => Object.hasOwn(CORE_GUESTS, name));
}

/** Place of a guest in text form, which stands in for the source where no compiler of C is. */
export function textFormOf(name: CoreGuestName): string {
	return join(SOURCES, "text", `${name}.wat`);
}

const run = promisify(execFile);
let compiler: Promise<boolean> | undefined;

/** Returns true if this machine compiles C to WebAssembly: clang with wasm-ld. */
export function hasCompiler(): Promise<boolean> {
	compiler ??= Promise.all([run("clang", ["--target=wasm32", "--print-targets"]), run("wasm-ld", ["--version"])]).then(
		([{ stdout }]) => stdout.includes("wasm32"),
		() => false,
	);
	return compiler;
}

/** Returns a guest: compiled by clang where there is one, else from its text form. */
export async function coreGuest(name: CoreGuestName): Promise<Uint8Array> {
	return (await hasCompiler()) ? compiled(name) : parse(readFileSync(textFormOf(name), "utf8"));
}

/** Compiles a guest, or returns an earlier result for equal sources. */
export async function compiled(name: CoreGuestName): Promise<Uint8Array> {
	const guest: { readonly source: string; readonly define?: string } = CORE_GUESTS[name];
	const inputs = [join(SOURCES, guest.source), join(SOURCES, "guest.h"), join(HEADERS, "spear_core.h"), fileURLToPath(import.meta.url)];
	const digest = createHash("sha256").update(name);
	for (const file of inputs) digest.update(readFileSync(file));
	const place = join(CACHE, `${name}-${digest.digest("hex").slice(0, 16)}.wasm`);
	if (!existsSync(place)) await compile(guest, place);
	return readFileSync(place);
}

async function compile({ source, define }: { readonly source: string; readonly define?: string }, place: string): Promise<void> {
	mkdirSync(CACHE, { recursive: true });
	const work = mkdtempSync(join(CACHE, "build-"));
	try {
		const out = join(work, "guest.wasm");
		const options = ["--target=wasm32", "-std=c11", "-Oz", "-nostdlib", "-Wall", "-Wextra", "-Werror", `-I${HEADERS}`];
		const link = ["--no-entry", "--export-table", "--strip-all"].map((option) => `-Wl,${option}`);
		await run("clang", [...options, ...(define === undefined ? [] : [`-D${define}`]), ...link, "-o", out, join(SOURCES, source)]);
		renameSync(out, place);
	} finally {
		rmSync(work, { recursive: true, force: true });
	}
}
