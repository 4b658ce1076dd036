/**
 * Judges by the official tools: a component of a world before is made by `wit-component`, composed with one that provides the imports of
 * today and one that calls the exports of today, and the validator of the component model says whether the composition has a type.
 */
import { componentEmbed, componentNew, componentWit } from "@bytecodealliance/jco";
import { track } from "../../../../codegen/breaking/compare-packages.ts";

import { interfacesOfNoWorld } from "./judge-keys.ts";
import type { RowRun } from "./run-row.ts";

export type Judgement = "links" | "refused" | "not judged";

const INSTANCE = 0x05;
const FUNCTION = 0x01;

/** False for a world with an `include` or with implied imports: it has no mirror image. */
export function isJudgedOfficially({ textAfter, after }: Pick<RowRun, "textAfter" | "after">): boolean {
	const isExplicit = after.main.worlds.every(({ imports }) => imports.every((item) => item.kind === "function" || !item.implied));
	return isExplicit && !/^\s*include /m.test(textAfter);
}

/** Judges all guests: one for each world, and one that imports the interfaces of no world. */
export async function judgeOfficially(run: RowRun): Promise<Judgement> {
	if (!isJudgedOfficially(run)) return "not judged";
	const { before, after } = run;
	const [textBefore, textAfter] = [overLines(run.textBefore), overLines(run.textAfter)];
	const stays = new Set(after.main.worlds.map(({ name }) => name));
	const worlds = before.main.worlds.map(({ name }) => name).filter((name) => stays.has(name));
	for (const world of worlds) if (!(await composes(textBefore, textAfter, world))) return "refused";
	const alone = interfacesOfNoWorld(before).map(({ name }) => name);
	const still = alone.filter((name) => after.main.interfaces.some((iface) => iface.name === name));
	if (alone.length === 0) return "links";
	return (await composes(withWorld(textBefore, alone), withWorld(textAfter, still), "alone")) ? "links" : "refused";
}

/** The package with worlds of one line written over several. */
function overLines(text: string): string {
	return text.replace(/^world (\S+) \{ (.*) \}$/gm, "world $1 {\n$2\n}");
}

/** The package with a world that imports interfaces, before the first world. */
function withWorld(text: string, interfaces: readonly string[]): string {
	return text.replace(/^world /m, `world alone {\n${interfaces.map((name) => `import ${name};`).join("\n")}\n}\n\nworld `);
}

/** @param world a world whose imports and exports stand in lines of their own, and whose interfaces are all explicit */
async function composes(before: string, after: string, world: string): Promise<boolean> {
	const [guest, provider, consumer] = await Promise.all([
		component(before, world),
		component(mirrored(after, world, "import"), world),
		component(mirrored(after, world, "export"), world),
	]);
	const composed = compose(await partOf(guest), await partOf(provider), await partOf(consumer));
	if (composed === undefined) return false;
	try {
		await componentWit(composed);
		return true;
	} catch (cause) {
		const message = messageOf(cause);
		if (/type mismatch|missing import/.test(message)) return false;
		throw new Error(`the composition is malformed: ${message}`, { cause });
	}
}

async function partOf(bytes: Uint8Array): Promise<Part> {
	return { bytes, ...(await portsOf(bytes)) };
}

/** Components by world and package. That of a package before serves all its rows. */
const made = new Map<string, Promise<Uint8Array>>();

function component(witSource: string, world: string): Promise<Uint8Array> {
	const key = `${world} ${witSource}`;
	const known = made.get(key) ?? componentEmbed({ witSource, world, dummy: true }).then((core) => componentNew(core));
	made.set(key, known);
	return known;
}

/** The package with the world from the other side: its imports as exports, or its exports as imports, and nothing else. */
function mirrored(text: string, world: string, direction: "import" | "export"): string {
	const lines = text.split("\n");
	const start = lines.findIndex((line) => line.trim() === `world ${world} {`);
	let depth = 0;
	let isSkipping = false;
	return lines
		.map((line, index) => {
			if (index <= start || depth < 0) return line;
			const word = /^(import|export) /.exec(line.trim())?.[1];
			if (depth === 0 && word !== undefined) isSkipping = word !== direction;
			depth += line.split("{").length - line.split("}").length;
			if (depth < 0) return line;
			const kept = isSkipping
				? ""
				: line.replace(/^(\s*)(import|export) /, (_, indent) => `${indent}${direction === "import" ? "export" : "import"} `);
			return kept;
		})
		.join("\n");
}

interface Ports {
	readonly imports: readonly Port[];
	readonly exports: readonly Port[];
}

interface Port {
	readonly name: string;
	readonly sort: number;
}

/** Names as the official decoder prints them. */
async function portsOf(bytes: Uint8Array): Promise<Ports> {
	const root = /world root \{\n([\s\S]*?)\n\}/.exec(await componentWit(bytes))?.[1] ?? "";
	const ports = (word: string): Port[] =>
		[...root.matchAll(new RegExp(`^  ${word} ([^\\s;]+?)(?::? (\\S+).*|;)$`, "gm"))].map(([, name = "", kind]) => ({
			name,
			sort: kind?.includes("func") ? FUNCTION : INSTANCE,
		}));
	return { imports: ports("import"), exports: ports("export") };
}

interface Part extends Ports {
	readonly bytes: Uint8Array;
}

/** Undefined if an import has nothing of a compatible name. */
function compose(guest: Part, provider: Part, consumer: Part): Uint8Array | undefined {
	// Instances in the order of their making: provider 0, guest 1.
	const provided = provider.exports.map((port): Offer => ({ ...port, instance: 0 }));
	const toGuest = connect(guest.imports, provided);
	const toConsumer = connect(consumer.imports, [...guest.exports.map((port): Offer => ({ ...port, instance: 1 })), ...provided]);
	if (toGuest === undefined || toConsumer === undefined) return undefined;
	// Aliases share the index space of their sort: instances begin behind those of the components made so far.
	const counts = new Map([[INSTANCE, 0]]);
	const take = (sort: number): number => {
		const index = counts.get(sort) ?? 0;
		counts.set(sort, index + 1);
		return index;
	};
	const instances: number[] = [];
	const body: number[] = [];
	for (const { bytes } of [provider, guest, consumer]) for (const byte of section(4, [...bytes])) body.push(byte);
	for (const [index, wires] of [[], toGuest, toConsumer].entries()) {
		const args = wires.map(({ want, offer }) => {
			body.push(...section(6, [1, want.sort, 0x00, ...leb(instances[offer.instance] ?? 0), ...text(offer.name)]));
			return [...text(want.name), want.sort, ...leb(take(want.sort))];
		});
		body.push(...section(5, [1, 0x00, ...leb(index), ...leb(args.length), ...args.flat()]));
		instances.push(take(INSTANCE));
	}
	return Uint8Array.from([0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00, ...body]);
}

interface Offer extends Port {
	/** Number of the component that has it. */
	readonly instance: number;
}

interface Wire {
	readonly want: Port;
	readonly offer: Offer;
}

function connect(wanted: readonly Port[], offered: readonly Offer[]): Wire[] | undefined {
	const wires = wanted.flatMap((want) => {
		const offer = offered.find(({ name, sort }) => sort === want.sort && fits(name, want.name));
		return offer === undefined ? [] : [{ want, offer }];
	});
	return wires.length === wanted.length ? wires : undefined;
}

/** Versions are matched as hosts match them; the validator compares types only. */
function fits(offered: string, wanted: string): boolean {
	return track(offered) === track(wanted);
}

function section(id: number, body: readonly number[]): number[] {
	return [id, ...leb(body.length), ...body];
}

function text(value: string): number[] {
	const bytes = Buffer.from(value);
	return [...leb(bytes.length), ...bytes];
}

function leb(value: number): number[] {
	const bytes: number[] = [];
	let rest = value;
	do {
		bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
		rest >>>= 7;
	} while (rest > 0);
	return bytes;
}

function messageOf(cause: unknown): string {
	const payload = typeof cause === "object" && cause !== null && "payload" in cause ? cause.payload : undefined;
	return typeof payload === "string" ? payload : cause instanceof Error ? cause.message : String(cause);
}
