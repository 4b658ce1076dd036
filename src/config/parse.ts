import { parse, TomlError } from "smol-toml";
import type { Config } from "../../generated/ir/config.ts";
import { config as validateConfig } from "../../generated/schema/validate/config.js";
import { firstFaults } from "../errors/describe-faults.ts";
import { ConfigError } from "./config-error.ts";
import { explainFaults } from "./explain-faults.ts";

/** Bounds the faults that one report names. A file with more was likely meant for another program. */
const MAX_FAULTS = 20;

/**
 * Parses and checks the text of a spear.toml.
 *
 * @param source Name of the text in errors, e.g. the path of the file.
 * @throws ConfigError with the first faults of the schema, or the first fault of the TOML syntax.
 */
export function parseConfig(text: string, source: string): Config {
	return checkConfig(parseToml(text, source), source);
}

/**
 * Checks a configuration that is a value.
 *
 * @param source Name of the value in errors.
 * @throws ConfigError with the first faults of the schema.
 */
export function checkConfig(value: unknown, source: string): Config {
	if (validateConfig(value)) return value;
	throw new ConfigError(source, firstFaults(explainFaults(validateConfig.errors ?? []), MAX_FAULTS));
}

function parseToml(text: string, source: string): unknown {
	try {
		return parse(text);
	} catch (thrown) {
		if (!(thrown instanceof TomlError)) throw thrown;
		const [first = "not TOML"] = thrown.message.replace(/^Invalid TOML document: /, "").split("\n");
		throw new ConfigError(`${source}:${thrown.line}:${thrown.column}`, [first]);
	}
}
