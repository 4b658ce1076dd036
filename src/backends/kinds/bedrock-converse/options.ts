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
	const accessKeyIdEnv = readVariableName(reader, "access_key_id_env");
	const sessionTokenEnv = readVariableName(reader, "session_token_env");
	if (auth === "sigv4") {
		if (region === undefined) reader.fault("region", 'is missing; auth = "sigv4" signs the region');
		return { region: region ?? "", accessKeyIdEnv: accessKeyIdEnv ?? "AWS_ACCESS_KEY_ID", sessionTokenEnv };
	}
	if (accessKeyIdEnv !== undefined) reader.fault("access_key_id_env", 'needs auth = "sigv4"');
	if (sessionTokenEnv !== undefined) reader.fault("session_token_env", 'needs auth = "sigv4"');
	return undefined;
}

/** Reads the name of a variable. Refuses a value that looks like a key, and does not repeat it. */
function readVariableName(reader: OptionReader, option: string): string | undefined {
	const name = reader.string(option);
	if (name === undefined || (/^[A-Za-z_]\w{0,127}$/.test(name) && !/^A[KS]IA[A-Z0-9]{16}$/.test(name))) return name;
	return reader.fault(option, "must be the name of an environment variable, not the key itself");
}
