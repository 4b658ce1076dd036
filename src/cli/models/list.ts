import { join } from "node:path";
import process from "node:process";
import { bytesOnDisk, bytesToPull, type Model } from "../../model-store/model.ts";
import { type ModelStatus, ModelStore } from "../../model-store/model-store.ts";
import { EXIT } from "../exit-codes.ts";
import { jsonLine } from "../json-line.ts";
import { megabytes } from "../megabytes.ts";
import { printModelFailure } from "./print-model-failure.ts";

/** Options of `spear models list`. */
export interface ListCommand {
	readonly licenses?: boolean;
	readonly json?: boolean;
}

/** Runs `spear models list`: prints the models and their states. Contacts no registry. Returns the exit code. */
export async function list(command: ListCommand): Promise<number> {
	try {
		const store = new ModelStore();
		const rows = await Promise.all(store.models().map(async (model) => ({ model, status: await store.status(model.name) })));
		process.stdout.write(command.json ? jsonLine(asJson(store, rows)) : describe(store, rows, command.licenses === true));
		return EXIT.ok;
	} catch (thrown) {
		return printModelFailure(thrown, command);
	}
}

interface Row {
	readonly model: Model;
	readonly status: ModelStatus;
}

/** Returns the paths of the licences of a model that is on this machine. */
function licensePaths(store: ModelStore, { model, status }: Row): readonly string[] {
	return status.state === "whole" ? model.licenseFiles.map((name) => join(store.folderOf(model.name), name)) : [];
}

function asJson(store: ModelStore, rows: readonly Row[]): object {
	return {
		directory: store.directory,
		models: rows.map(({ model, status }) => ({
			name: model.name,
			title: model.title,
			...status,
			default: model.default,
			operations: model.operations,
			languages: model.languages,
			...(model.voices.length === 0 ? {} : { voices: model.voices }),
			license: model.license,
			...(model.licenseNote === undefined ? {} : { license_note: model.licenseNote }),
			license_files: licensePaths(store, { model, status }),
			bytes_to_pull: bytesToPull(model),
			bytes_on_disk: bytesOnDisk(model),
			memory_bytes: model.memoryBytes,
			card: model.card,
			packages: model.packages,
		})),
	};
}

const STATES = { whole: "here", missing: "not here", broken: "broken" } as const;

function describe(store: ModelStore, rows: readonly Row[], licenses: boolean): string {
	const width = Math.max(...rows.map(({ model }) => model.name.length));
	const lines = rows.flatMap(({ model, status }) => {
		const sizes = `${megabytes(bytesOnDisk(model))} on disk, ${megabytes(model.memoryBytes)} in memory`;
		const pulls = status.state === "whole" ? "" : `, ${megabytes(bytesToPull(model))} to pull`;
		const head = `${model.name.padEnd(width)}  ${STATES[status.state].padEnd(8)}  ${model.title}: ${model.operations.join(", ")}`;
		const more = licenses
			? [
					`licence ${model.license}, of ${model.packages.map(({ name, version }) => `${name} ${version}`).join(" and ")}`,
					...(model.licenseNote === undefined ? [] : [model.licenseNote]),
					...licensePaths(store, { model, status }),
				]
			: [`${sizes}${pulls}${model.default ? "; in the default set" : ""}`];
		return [
			head,
			...[...more, ...(status.state === "broken" ? [`the model ${status.reason}`] : [])].map((line) => `${" ".repeat(width)}  ${line}`),
		];
	});
	return `${[`models in ${store.directory}:`, ...lines].join("\n")}\n`;
}
