// S11: one person: addresses and their codes, where it is named, and what it was sent.

import type { Contact as ContactThing, ContactChannel } from "../api/people.ts";
import { path, send } from "../api/request.ts";
import { mayAdminister } from "../api/session.ts";
import type { ScreenProps } from "../frame/app.tsx";
import { go } from "../frame/router.ts";
import { now } from "../frame/settings.ts";
import { useReading } from "../live/reading.ts";
import { useAct } from "../parts/act.ts";
import { Head } from "../parts/head.tsx";
import { MenuButton } from "../parts/menu.tsx";
import { Facts, Panel, ProblemNote } from "../parts/notes.tsx";
import { StatusOf } from "../parts/status.tsx";
import { Time } from "../parts/time.tsx";
import { complain, toast } from "../parts/toasts.tsx";
import { Unread } from "../parts/unread.tsx";
import { deleteUsed, UseList, type Uses } from "../parts/uses.tsx";
import { relative } from "../words/times.ts";
import { editContact, sendCode, sendTest, showSecret } from "./contact_actions.ts";
import { DeliveryList } from "./delivery_list.tsx";

export function Contact({ params }: ScreenProps) {
  const name = params["name"]!;
  const route = path("contacts", name);
  const reading = useReading<ContactThing>(route, ["contact", "address"]);
  const contact = reading.found;
  if (!contact) return <Unread title={name} reading={reading} />;
  return (
    <>
      <ContactHead contact={contact} reread={reading.reread} />
      <div class="pair">
        {contact.channels.map((channel) => (
          <Channel
            key={channel.channel}
            contact={contact}
            channel={channel}
            done={reading.reread}
          />
        ))}
      </div>
      <UsesPanel route={route} none="No group and no policy names it: it is told nothing." />
      <h2 class="section">Deliveries</h2>
      <DeliveryList
        fixed={{ recipient: name }}
        empty={<p class="quiet">Nothing was sent to {name} yet.</p>}
      />
    </>
  );
}

function ContactHead({ contact, reread }: { contact: ContactThing; reread: () => void }) {
  const edit = async () => {
    const name = await editContact(contact);
    if (name === null) return;
    if (name === contact.name) reread();
    else go(path("contacts", name), { replace: true });
  };
  const remove = async () => {
    if (await deleteUsed("contact", contact.name)) go("/contacts");
  };
  return (
    <Head
      title={contact.name}
      sentence={[
        contact.is_reachable ? "Is told" : "Is not told: no address is verified",
        contact.managed_by && `declared in ${contact.managed_by}`,
      ]
        .filter(Boolean)
        .join("; ")}
    >
      {mayAdminister.value && (
        <>
          {contact.is_reachable && (
            <button type="button" onClick={() => void sendTest(contact).catch(complain)}>
              Send a test message
            </button>
          )}
          <button type="button" onClick={() => void edit().catch(complain)}>
            Change
          </button>
          <MenuButton
            label={`Actions for ${contact.name}`}
            items={() => [
              { word: "Delete", run: () => void remove().catch(complain), isDangerous: true },
            ]}
          />
        </>
      )}
    </Head>
  );
}

/** Where it is named, each a link. */
export function UsesPanel({ route, none }: { route: string; none: string }) {
  const { found } = useReading<Uses>(`${route}/uses`, ["contact", "group", "vault", "client"]);
  if (!found) return null;
  return (
    <Panel title="Used in">
      {found.uses.length === 0 ? <p class="quiet">{none}</p> : <UseList uses={found.uses} />}
    </Panel>
  );
}

interface ChannelProps {
  contact: ContactThing;
  channel: ContactChannel;
  done: () => void;
}

const TITLES = { email: "E-mail", mobile: "Mobile", webhook: "Webhook" };

function Channel({ contact, channel, done }: ChannelProps) {
  const { state, address, in_use: inUse } = channel;
  return (
    <Panel title={TITLES[channel.channel]} aside={<StatusOf state={state} />}>
      <Facts
        facts={[
          ["Address", address],
          ["In use now", inUse ?? "none: it is told nothing here"],
          ["Verified", channel.verified_at && <Time at={channel.verified_at} />],
        ]}
      />
      {channel.channel === "webhook" && mayAdminister.value && (
        <button
          type="button"
          class="small copy"
          onClick={() => void showSecret(contact).catch(complain)}
        >
          Secret for signatures
        </button>
      )}
      {state !== "verified" && (
        <>
          <p class="sentence">{channel.state_sentence}</p>
          {mayAdminister.value && <Code contact={contact} channel={channel} done={done} />}
        </>
      )}
    </Panel>
  );
}

function Code({ contact, channel, done }: ChannelProps) {
  const { act, problem, isActing } = useAct();
  const { code_expires_at: expiresAt, next_code_at: nextAt, code_tries_left: left } = channel;
  const confirm = (form: HTMLFormElement) =>
    act(async () => {
      const code = String(new FormData(form).get("code")).trim();
      await send("POST", `${path("contacts", contact.name)}/confirm`, { code });
      toast(`${channel.address} is verified`);
      done();
    });
  const wait = nextAt && Date.parse(nextAt) > now.value ? Date.parse(nextAt) : null;
  return (
    <form
      class="code"
      onSubmit={(event) => {
        event.preventDefault();
        void confirm(event.currentTarget as HTMLFormElement);
      }}
    >
      <label class="field">
        <span>Code that was sent to {channel.address}</span>
        <input name="code" required autocomplete="one-time-code" inputMode="numeric" />
        <small>
          {expiresAt ? (
            <>
              expires <Time at={expiresAt} />
              {left !== null && `; ${left} tries left`}
            </>
          ) : (
            "there is no code that is still good: send another one"
          )}
        </small>
      </label>
      {problem && <ProblemNote problem={problem} />}
      <button type="submit" class="main" disabled={isActing}>
        Confirm
      </button>{" "}
      <button
        type="button"
        disabled={wait !== null}
        onClick={() => void sendCode(contact).then(done, complain)}
      >
        {wait === null ? "Send another code" : `Send another code ${relative(wait, now.value)}`}
      </button>
    </form>
  );
}
