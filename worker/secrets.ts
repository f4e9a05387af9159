/** No text that leaves a worker shows a secret: in lines of its log and in its traces. */

const HIDDEN = '[secret]';

// In links: a password before the host, and what a presigned link is signed with.
const IN_LINKS =
  /(?<=:\/\/[^\s/@"]*:)[^\s/@"]+(?=@)|(?<=X-Amz-(?:Credential|Signature|Security-Token)=)[^&\s"\\]+/g;

/** secrets: values of the environment, as they are written in this kind of text. */
export const withoutSecrets = (text: string, secrets: readonly string[]): string =>
  secrets.reduce((hidden, secret) => hidden.replaceAll(secret, HIDDEN), text).replace(IN_LINKS, HIDDEN);
