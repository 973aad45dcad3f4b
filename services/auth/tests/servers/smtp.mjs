// A mail server for the tests: prints what it receives, one line of JSON a mail.
//
// `node smtp.mjs <tls|starttls|plain> <port> [<key file> <certificate file>]` prints its port first and
// ends when its standard input does. It wants the name `maru` and the password `secret`, except `plain`.
// A recipient `refused…` is refused for good, `later…` at the first attempt.
import { readFileSync } from 'node:fs';
import { SMTPServer } from 'smtp-server';

const [security, port, key, cert] = process.argv.slice(2);
const seen = new Set();

function error(code, text) {
    return Object.assign(new Error(text), { responseCode: code });
}

const server = new SMTPServer({
    secure: security === 'tls',
    key: key && readFileSync(key),
    cert: cert && readFileSync(cert),
    disabledCommands: security === 'plain' ? ['AUTH', 'STARTTLS'] : [],
    authOptional: security === 'plain',
    onAuth({ username, password }, session, callback) {
        const good = username === 'maru' && password === 'secret' && session.secure;
        callback(good ? null : error(535, 'who are you?'), good ? { user: username } : undefined);
    },
    onRcptTo({ address }, _session, callback) {
        if (address.startsWith('refused')) return callback(error(550, 'no such mailbox'));
        if (address.startsWith('later') && !seen.has(address)) {
            seen.add(address);
            return callback(error(451, 'come back later'));
        }
        callback();
    },
    onData(stream, session, callback) {
        const chunks = [];
        stream.on('data', (chunk) => chunks.push(chunk));
        stream.on('end', () => {
            const { mailFrom, rcptTo } = session.envelope;
            const raw = Buffer.concat(chunks).toString('utf8');
            console.log(JSON.stringify({ from: mailFrom.address, to: rcptTo.map(({ address }) => address), raw }));
            callback();
        });
    },
});
server.on('error', () => {});
server.listen(Number(port), '127.0.0.1', () => console.log(server.server.address().port));

process.stdin.on('end', () => process.exit(0)).resume();
