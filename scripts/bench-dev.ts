/**
 * `npm run bench:dev`: the time from an edit of a guest's source to the answer of the new guest, by `spear dev` as a process of its own. Edits 20 times
 * after the first answer, and fails if the median is above a second.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const EDITS = 20;
const MAX_MEDIAN_MS = 1_000;

/** A guest that calls a tool, streams a chat and computes, so that the bundle is of the usual size. */
const source = (edit: number): string => `
import { agent } from "spear-hostcall/guest";
import { chat, tool } from "spear-hostcall/guest/chat";

const stock = tool<{ sku: string }>({
	name: "stock",
	description: "Looks up a part.",
	parameters: { type: "object", properties: { sku: { type: "string" } }, required: ["sku"] },
	run: ({ sku }) => ({ sku, onHand: 480 }),
});

export const run = agent((input) => {
	using clerk = chat({ system: "You are a clerk.", tools: [stock] });
	let answer = "";
	for (const event of clerk.stream(input)) if (event.tag === "text") answer += event.val;
	return \`\${new URL("https://parts.example/a").host} \${answer} edit ${edit}.\`;
});
`;

const folder = mkdtempSync(join(tmpdir(), "spear-bench-dev-"));
const entry = join(folder, "agent.ts");
writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
writeFileSync(entry, source(0));
const main = fileURLToPath(new URL("../src/cli/main.ts", import.meta.url));
const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", main, "dev", "agent.ts", "hello", "-q"], {
	cwd: folder,
	env: { ...process.env, XDG_CACHE_HOME: join(folder, "cache") },
	stdio: ["ignore", "pipe", "inherit"],
});
let printed = "";
child.stdout.on("data", (chunk: Buffer) => {
	printed += chunk.toString();
});

async function answered(edit: number): Promise<void> {
	while (!printed.includes(`edit ${edit}.`)) {
		if (child.exitCode !== null) throw new Error(`spear dev ended with ${child.exitCode}`);
		await once(child.stdout, "data");
	}
}

try {
	const start = performance.now();
	await answered(0);
	console.log(`first answer after ${Math.round(performance.now() - start)} ms`);
	const times: number[] = [];
	for (let edit = 1; edit <= EDITS; edit += 1) {
		// The watch of the sources begins before the answer is printed.
		const at = performance.now();
		writeFileSync(entry, source(edit));
		await answered(edit);
		times.push(performance.now() - at);
	}
	times.sort((a, b) => a - b);
	const ms = (share: number): number => Math.round(times[Math.floor(share * (EDITS - 1))] ?? Number.NaN);
	console.log(`edit to answer, ${EDITS} edits: median ${ms(0.5)} ms, fastest ${ms(0)} ms, slowest ${ms(1)} ms`);
	if (ms(0.5) > MAX_MEDIAN_MS) {
		console.error(`the median is above ${MAX_MEDIAN_MS} ms`);
		process.exitCode = 1;
	}
} finally {
	child.kill("SIGINT");
	await once(child, "close");
	rmSync(folder, { recursive: true, force: true });
}
