import { BackendConfigError, type BackendKind } from "../../backend.ts";
import { chatBackend } from "../../kit/http/chat-backend.ts";
import { upstreamClient } from "../../kit/http/upstream-client.ts";
import { upstreamModel } from "../../kit/models.ts";
import type { PackageSource } from "../../kit/optional-package.ts";
import { bedrockChat, probeBedrock } from "../../protocols/bedrock/cchat/backend.ts";
import { chatRules } from "../../protocols/bedrock/cchat/rules.ts";
import { bedrockErrors } from "../../protocols/bedrock/errors.ts";
import { INSTALLED_SIGNER, missingSigner, sigV4 } from "../../protocols/bedrock/sigv4.ts";
import { readOptions } from "./options.ts";

/** Amazon Bedrock's Converse API. The package `@smithy/signature-v4` is optional: only signed requests need it. */
export const bedrockConverse: BackendKind = bedrockConverseKind(INSTALLED_SIGNER);

/** Returns the kind with another source of the package. */
export function bedrockConverseKind(source: PackageSource): BackendKind {
	return {
		name: "bedrock-converse",
		create(config, network, variable = () => undefined) {
			const options = readOptions(config);
			if (options.sigV4 !== undefined && !source.isInstalled()) {
				const message = missingSigner();
				throw new BackendConfigError(config.name, `options.auth ${message}`, [{ path: ["options", "auth"], message }]);
			}
			const signed = options.sigV4 === undefined ? {} : { signer: sigV4({ ...options.sigV4, variable, source }) };
			const http = upstreamClient(options, bedrockErrors, network, signed);
			const upstreamOf = ({ model }: { readonly model?: string }): string => upstreamModel(config, "chat_completions", model);
			return {
				...chatBackend(http, bedrockChat(http, config, options), chatRules(options, upstreamOf)),
				probe: (context) => probeBedrock(http, config, options, context),
			};
		},
	};
}
