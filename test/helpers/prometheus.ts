import { createRequire } from "node:module";

/** A sample of a metric. Values are those of the text. */
export interface Sample {
	readonly labels: Readonly<Record<string, string>>;
	/** Value of a counter or gauge. */
	readonly value?: string;
	/** Count, sum and cumulative buckets of a histogram. */
	readonly count?: string;
	readonly sum?: string;
	readonly buckets?: Readonly<Record<string, string>>;
}

export interface Family {
	readonly name: string;
	readonly help: string;
	readonly type: "COUNTER" | "GAUGE" | "HISTOGRAM";
	readonly samples: readonly Sample[];
}

/** The package has no types. */
const parse: (text: string) => readonly Record<string, unknown>[] = createRequire(import.meta.url)("parse-prometheus-text-format");

const LINE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? ([-+0-9.eEInfNa]+)$/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/gy;

/**
 * Reads a text of metrics by a library, after checks that the library leaves out. Every line has its form. Every sample stands below the
 * HELP and TYPE of its family. Each family has one place, and no series occurs twice. Throws for a text that breaks a rule. Histograms are
 * read here, because the library drops their labels.
 */
export function readPrometheus(text: string): Map<string, Family> {
	const histograms = checkLines(text);
	const families = parse(text).map((raw): Family => {
		const { name, help, type, metrics } = raw;
		if (typeof name !== "string" || typeof help !== "string" || !isType(type) || !Array.isArray(metrics))
			throw new Error(JSON.stringify(raw));
		if (type === "HISTOGRAM") return { name, help, type, samples: [...(histograms.get(name)?.values() ?? [])] };
		return { name, help, type, samples: metrics.map((sample: Sample) => ({ ...sample, labels: sample.labels ?? {} })) };
	});
	return new Map(families.map((family) => [family.name, family]));
}

/** Samples of histograms by family and labels. */
type Histograms = Map<string, Map<string, Sample>>;

function checkLines(text: string): Histograms {
	if (!text.endsWith("\n")) throw new Error("the last line has no end");
	const seen = new Set<string>();
	const families = new Set<string>();
	const histograms: Histograms = new Map();
	let family = "";
	let type = "";
	for (const line of text.slice(0, -1).split("\n")) {
		const help = /^# HELP (\S+) \S/.exec(line);
		const typed = /^# TYPE (\S+) (counter|gauge|histogram)$/.exec(line);
		if (help?.[1] !== undefined) {
			if (families.has(help[1])) throw new Error(`${help[1]} has two places`);
			families.add(help[1]);
			[family, type] = [help[1], ""];
		} else if (typed !== null) {
			if (typed[1] !== family) throw new Error(`TYPE without HELP: ${line}`);
			type = typed[2] ?? "";
			if ((type === "counter") !== family.endsWith("_total")) throw new Error(`only counters end in _total: ${family}`);
		} else {
			const { name, labels, value } = readSample(line, family, type, seen);
			if (type === "histogram") addToHistogram(histograms, family, { part: name.slice(family.length), labels, value });
		}
	}
	return histograms;
}

function addToHistogram(
	histograms: Histograms,
	family: string,
	{
		part,
		labels: { le = "", ...labels },
		value,
	}: { readonly part: string; readonly labels: Readonly<Record<string, string>>; readonly value: string },
): void {
	const samples = histograms.get(family) ?? new Map<string, Sample>();
	histograms.set(family, samples);
	const key = JSON.stringify(labels);
	const sample = samples.get(key) ?? { labels };
	if (part === "_bucket") samples.set(key, { ...sample, buckets: { ...sample.buckets, [le]: value } });
	else samples.set(key, { ...sample, [part.slice(1)]: value });
}

function readSample(line: string, family: string, type: string, seen: Set<string>) {
	const [, name = "", labels = "", value] = LINE.exec(line) ?? [];
	const suffixes = type === "histogram" ? ["_bucket", "_sum", "_count"] : [""];
	if (type === "" || !suffixes.some((suffix) => name === `${family}${suffix}`)) throw new Error(`a sample of no family: ${line}`);
	if (value === undefined || Number.isNaN(Number(value))) throw new Error(`no value: ${line}`);
	LABEL.lastIndex = 0;
	const pairs = [...labels.matchAll(LABEL)];
	if (pairs.map(([pair]) => pair).join("") !== labels) throw new Error(`wrong labels: ${line}`);
	const names = pairs.map(([, label]) => label);
	if (new Set(names).size !== names.length) throw new Error(`a label occurs twice: ${line}`);
	const series = `${name} ${pairs
		.map(([pair]) => pair.replace(/,$/, ""))
		.toSorted()
		.join()}`;
	if (seen.has(series)) throw new Error(`a series occurs twice: ${line}`);
	seen.add(series);
	const labelled = pairs.map(([, label = "", text = ""]) => [
		label,
		text.replaceAll(/\\(.)/g, (_, char: string) => (char === "n" ? "\n" : char)),
	]);
	return { name, labels: Object.fromEntries(labelled), value };
}

function isType(type: unknown): type is Family["type"] {
	return type === "COUNTER" || type === "GAUGE" || type === "HISTOGRAM";
}
