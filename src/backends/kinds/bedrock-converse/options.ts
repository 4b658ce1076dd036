import { isAbsolute } from "node:path";
import type { InstanceConfig } from "../../backend.ts";
import { readUpstream } from "../../kit/http/upstream-options.ts";
import { OptionReader } from "../../kit/option-reader.ts";
import { readChatOptions } from "../../protocols/bedrock/cchat/options.ts";
import type { BedrockOptions } from "../../protocols/bedrock/options.ts";
import type { SigV4Credentials } from "../../protocols/bedrock/sigv4.ts";

/**
 * Reads the options of an instance. `region` gives the URL if `base_url` is absent. With `auth = "sigv4"`, the key is the secret access key.
 *
 * @throws BackendConfigError that names the wrong or unknown member.
 */
export function readOptions(config: InstanceConfig): BedrockOptions {
	const reader = new OptionReader(config.name, config.options);
	const region = readRegion(reader, config.base_url !== undefined);
	const baseUrl = `https://bedrock-runtime.${region ?? "invalid"}.amazonaws.com`;
	const options: BedrockOptions = {
		...readUpstream(config, reader, { baseUrl, endpoints: ["/converse", "/converse-stream"] }),
		sigV4: readSigV4(reader, region),
		chat: readChatOptions(reader, config.name),
	};
	reader.finish();
	return options;
}

function readRegion(reader: OptionReader, hasUrl: boolean): string | undefined {
	const region = reader.string("region");
	if (region === undefined && !hasUrl)
		return reader.fault("region", 'is missing; name the region of the models, e.g. "us-east-1", or set base_url');
	if (region === undefined || /^[a-z0-9-]{1,40}$/.test(region)) return region;
	return reader.fault("region", 'must be the name of a region, e.g. "us-east-1"');
}

function readSigV4(reader: OptionReader, region: string | undefined): SigV4Credentials | undefined {
	const auth = reader.string("auth", ["bearer", "sigv4"]) ?? "bearer";
	const accessKeyId = readSource(reader, "access_key_id");
	const sessionToken = readSource(reader, "session_token");
	if (auth === "sigv4") {
		if (region === undefined) reader.fault("region", 'is missing; auth = "sigv4" signs the region');
		return { region: region ?? "", accessKeyId: accessKeyId?.name ?? "AWS_ACCESS_KEY_ID", sessionToken: sessionToken?.name };
	}
	for (const source of [accessKeyId, sessionToken]) if (source !== undefined) reader.fault(source.option, 'needs auth = "sigv4"');
	return undefined;
}

/** Reads the name of the variable, or the path of the file, that holds a credential. Both together are a fault. */
function readSource(reader: OptionReader, credential: string): { readonly option: string; readonly name: string } | undefined {
	const variable = readVariableName(reader, `${credential}_env`);
	const option = `${credential}_file`;
	const path = reader.string(option);
	if (path === undefined) return variable === undefined ? undefined : { option: `${credential}_env`, name: variable };
	if (!isAbsolute(path)) reader.fault(option, "must be an absolute path");
	else if (variable !== undefined) reader.fault(option, `cannot stand beside ${credential}_env; name one of them`);
	return { option, name: path };
}

/** Reads the name of a variable. Refuses a value that looks like a key, and does not repeat it. */
function readVariableName(reader: OptionReader, option: string): string | undefined {
	const name = reader.string(option);
	if (name === undefined || (/^[A-Za-z_]\w{0,127}$/.test(name) && !/^A[KS]IA[A-Z0-9]{16}$/.test(name))) return name;
	return reader.fault(option, "must be the name of an environment variable, not the key itself");
}
