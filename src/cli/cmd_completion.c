/* assay completion: what a shell needs to complete command lines, from the rows that are parsed (cli.h, opt.h) and
 * those of the options of targets (settings/target_keys.h). The build makes the files of it that are installed. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "settings/target_options.h"

/* What a placeholder stands for. */
enum value { VALUE_TEXT, VALUE_FILE, VALUE_FOLDER, VALUE_DEFINITION, VALUE_TARGET_OPTION };

static enum value
value_of(const char *place)
{
    if (strstr(place, "FILE") || strstr(place, "PATH"))
        return VALUE_FILE;
    if (strstr(place, "DIR"))
        return VALUE_FOLDER;
    if (strstr(place, "KEY=VALUE"))
        return VALUE_TARGET_OPTION;
    return strstr(place, "DEFINITION") ? VALUE_DEFINITION : VALUE_TEXT;
}

/* The words that a value may be, with blanks between them; empty = it is no list of words. */
static struct str
words_of(const struct opt *o, struct arena *a)
{
    struct str all = STR("");
    size_t n = 0;
    const struct opt_words *w = o->type == OPT_WORDS ? o->value : NULL;
    const struct setting *rows = target_rows(&n);
    for (size_t i = 0; w && w->word_at(i); i++)
        all = arena_fmt(a, "%.*s%s%s", STR_ARG(all), i ? " " : "", w->word_at(i));
    if (o->place && value_of(o->place) == VALUE_TARGET_OPTION)
        for (size_t i = 0; i < n; i++)
            all = arena_fmt(a, "%.*s%s%s=", STR_ARG(all), i ? " " : "", rows[i].key);
    return all;
}

/* The first word of a command; *ret_second is the other one, or empty. */
static struct str
first_word(const struct command *c, struct str *ret_second)
{
    *ret_second = str_c(c->name);
    return str_cut(ret_second, ' ');
}

/* No command before it begins with the same word. */
static bool
is_first(const struct command *const *c)
{
    struct str second, word = first_word(*c, &second), other;
    for (const struct command *const *b = cli_commands; b != c; b++)
        if (str_eq(first_word(*b, &other), word))
            return false;
    return true;
}

/* The first words of commands, or the second ones behind `first`. */
static struct str
command_words(const struct str *first, struct arena *a)
{
    struct str all = STR(""), second;
    for (const struct command *const *c = cli_commands; *c; c++) {
        struct str word = first_word(*c, &second);
        if (first ? !second.len || !str_eq(word, *first) : !is_first(c))
            continue;
        all = arena_fmt(a, "%.*s%s%.*s", STR_ARG(all), all.len ? " " : "",
                        STR_ARG(first ? second : word));
    }
    return all;
}

/* A text of a row inside '…', where `special` characters stand behind a backslash. */
static struct str
quoted(const char *text, const char *special, const char *quote, struct arena *a)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    for (; *text; text++) {
        if (*text == '\'') {
            buf_puts(&out, quote);
            continue;
        }
        if (strchr(special, *text))
            buf_putc(&out, '\\');
        buf_putc(&out, *text);
    }
    return arena_str(a, buf_view(&out));
}

/* ---- bash ---- */

static const char bash_head[] =
    "# bash completion of assay: made by assay completion bash\n"
    "_assay() {\n"
    "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command options=\n"
    "    COMPREPLY=()\n"
    "    _assay_words() { COMPREPLY=($(compgen -W \"$1\" -- \"$cur\")); }\n"
    "    _assay_files() { compopt -o filenames; COMPREPLY=($(compgen -f -- \"$cur\")); }\n"
    "    _assay_folders() { compopt -o filenames; COMPREPLY=($(compgen -d -- \"$cur\")); }\n"
    "    _assay_definitions() { _assay_words \"$(assay report --list 2>/dev/null)\"; }\n"
    "    _assay_options() { compopt -o nospace; _assay_words \"$1\"; }\n";

static void
bash_value(enum value v, struct str words)
{
    if (v == VALUE_TARGET_OPTION)
        printf("_assay_options \"%.*s\"", STR_ARG(words));
    else if (words.len)
        printf("_assay_words \"%.*s\"", STR_ARG(words));
    else if (v == VALUE_FILE || v == VALUE_FOLDER || v == VALUE_DEFINITION)
        fputs(v == VALUE_FILE     ? "_assay_files"
              : v == VALUE_FOLDER ? "_assay_folders"
                                  : "_assay_definitions",
              stdout);
    else
        putchar(':'); /* a text: nothing is known of it */
}

static void
bash_values(const struct opt *o, struct arena *a)
{
    for (; o && o->type != OPT_END; o++) {
        if (o->type == OPT_SWITCH)
            continue;
        printf("            --%s%s%c) ", o->name, o->letter ? " | -" : "",
               o->letter ? o->letter : ' ');
        bash_value(value_of(o->place), words_of(o, a));
        fputs("; return ;;\n", stdout);
    }
}

static void
bash_names(const struct opt *o)
{
    for (; o && o->type != OPT_END; o++)
        printf("--%s ", o->name);
}

static void
print_bash(struct cli *c)
{
    struct str second;
    fputs(bash_head, stdout);
    printf(
        "    if ((COMP_CWORD == 1)); then\n        _assay_words \"%.*s --help --version\"; return\n"
        "    fi\n    command=${COMP_WORDS[1]}\n    case $command in\n",
        STR_ARG(command_words(NULL, c->arena)));
    for (const struct command *const *v = cli_commands; *v; v++) {
        struct str word = first_word(*v, &second);
        if (second.len && is_first(v))
            printf("    %.*s) if ((COMP_CWORD == 2)); then _assay_words \"%.*s\"; return; fi\n"
                   "        command+=\" ${COMP_WORDS[2]}\" ;;\n",
                   STR_ARG(word), STR_ARG(command_words(&word, c->arena)));
    }
    fputs("    esac\n    case $command in\n", stdout);
    for (const struct command *const *v = cli_commands; *v; v++) {
        printf("    '%s')\n        case $prev in\n", (*v)->name);
        bash_values((*v)->opts, c->arena);
        bash_values(cli_common(c), c->arena);
        fputs("        esac\n        options='", stdout);
        bash_names((*v)->opts);
        bash_names(cli_common(c));
        fputs("'\n        [[ $cur == -* ]] || { ", stdout);
        bash_value(value_of((*v)->args), STR(""));
        fputs("; return; } ;;\n", stdout);
    }
    fputs("    esac\n    _assay_words \"$options\"\n}\ncomplete -F _assay assay\n", stdout);
}

/* ---- zsh ---- */

static void
zsh_value(enum value v, struct str words)
{
    if (v == VALUE_TARGET_OPTION)
        printf("{compadd -S \"\" -- %.*s}", STR_ARG(words));
    else if (words.len)
        printf("(%.*s)", STR_ARG(words));
    else if (v == VALUE_FILE || v == VALUE_FOLDER)
        fputs(v == VALUE_FILE ? "_files" : "_files -/", stdout);
    else if (v == VALUE_DEFINITION)
        fputs("{compadd -- ${(f)\"$(assay report --list 2>/dev/null)\"}}", stdout);
    else
        putchar(' ');
}

/* A row is '*(-l --long)'{-l,--long}'[help]:PLACE:action'. */
static void
zsh_options(const struct opt *o, struct arena *a)
{
    for (; o && o->type != OPT_END; o++) {
        const char *equals = o->type == OPT_SWITCH ? "" : "=";
        struct str help = quoted(o->help, "[]\\", "'\\''", a);
        if (o->letter)
            printf("            '%s'{-%c%s,--%s%s}'[%.*s]", o->type == OPT_LIST ? "*" : "",
                   o->letter, *equals ? "+" : "", o->name, equals, STR_ARG(help));
        else
            printf("            '%s--%s%s[%.*s]", o->type == OPT_LIST ? "*" : "", o->name, equals,
                   STR_ARG(help));
        if (*equals) {
            printf(":%.*s:", STR_ARG(quoted(o->place, ":\\", "'\\''", a)));
            zsh_value(value_of(o->place), words_of(o, a));
        }
        fputs("' \\\n", stdout);
    }
}

static void
print_zsh(struct cli *c)
{
    struct str second;
    printf("#compdef assay\n# zsh completion of assay: made by assay completion zsh\n"
           "_assay() {\n    local command=$words[2]\n    if ((CURRENT == 2)); then\n"
           "        compadd -- %.*s --help --version; return\n    fi\n    case $command in\n",
           STR_ARG(command_words(NULL, c->arena)));
    for (const struct command *const *v = cli_commands; *v; v++) {
        struct str word = first_word(*v, &second);
        if (second.len && is_first(v))
            printf("    %.*s) if ((CURRENT == 3)); then compadd -- %.*s; return; fi\n"
                   "        command+=\" $words[3]\"; shift words; ((CURRENT--)) ;;\n",
                   STR_ARG(word), STR_ARG(command_words(&word, c->arena)));
    }
    fputs("    esac\n    shift words; ((CURRENT--))\n    case $command in\n", stdout);
    for (const struct command *const *v = cli_commands; *v; v++) {
        printf("    '%s')\n        _arguments -s -S \\\n", (*v)->name);
        zsh_options((*v)->opts, c->arena);
        zsh_options(cli_common(c), c->arena);
        fputs("            '*:argument:", stdout);
        zsh_value(value_of((*v)->args), STR(""));
        fputs("' ;;\n", stdout);
    }
    fputs("    esac\n}\ncompdef _assay assay\n", stdout);
}

/* ---- fish ---- */

static const char fish_head[] = "# fish completion of assay: made by assay completion fish\n"
                                "function __assay_is\n"
                                "    set -l given (commandline -opc)\n"
                                "    for i in (seq (count $argv))\n"
                                "        set -l n (math $i + 1)\n"
                                "        test \"$given[$n]\" = \"$argv[$i]\"; or return 1\n"
                                "    end\n"
                                "end\n"
                                "function __assay_has_words\n"
                                "    test (count (commandline -opc)) -eq $argv[1]\n"
                                "end\n"
                                "complete -c assay -f\n";

static void
fish_value(enum value v, struct str words)
{
    if (words.len)
        printf(" -xa '%.*s'", STR_ARG(words));
    else if (v == VALUE_FILE)
        fputs(" -rF", stdout);
    else if (v == VALUE_FOLDER)
        fputs(" -xa '(__fish_complete_directories)'", stdout);
    else
        fputs(" -x", stdout);
}

static void
fish_options(const char *command, const struct opt *o, struct arena *a)
{
    for (; o && o->type != OPT_END; o++) {
        printf("complete -c assay -n '__assay_is %s' -l %s", command, o->name);
        if (o->letter)
            printf(" -s %c", o->letter);
        if (o->type != OPT_SWITCH)
            fish_value(value_of(o->place), words_of(o, a));
        printf(" -d '%.*s'\n", STR_ARG(quoted(o->help, "\\", "\\'", a)));
    }
}

static void
print_fish(struct cli *c)
{
    struct str second;
    fputs(fish_head, stdout);
    for (const struct command *const *v = cli_commands; *v; v++) {
        struct str word = first_word(*v, &second);
        struct str help = quoted((*v)->summary, "\\", "\\'", c->arena);
        if (second.len)
            printf("complete -c assay -n '__assay_has_words 2; and __assay_is %.*s' -a %.*s -d "
                   "'%.*s'\n",
                   STR_ARG(word), STR_ARG(second), STR_ARG(help));
        if (is_first(v))
            printf("complete -c assay -n '__assay_has_words 1' -a %.*s -d '%.*s'\n", STR_ARG(word),
                   STR_ARG(second.len ? STR("") : help));
        enum value args = value_of((*v)->args);
        if (args == VALUE_FILE || args == VALUE_FOLDER)
            printf("complete -c assay -n '__assay_is %s' -F\n", (*v)->name);
        if (args == VALUE_DEFINITION)
            printf("complete -c assay -n '__assay_is %s' -a '(assay report --list 2>/dev/null)'\n",
                   (*v)->name);
        fish_options((*v)->name, (*v)->opts, c->arena);
        fish_options((*v)->name, cli_common(c), c->arena);
    }
}

static int
run_completion(struct cli *c)
{
    const char *shell = c->n_args == 1 ? c->args[0] : "";
    if (strcmp(shell, "bash") == 0)
        print_bash(c);
    else if (strcmp(shell, "zsh") == 0)
        print_zsh(c);
    else if (strcmp(shell, "fish") == 0)
        print_fish(c);
    else {
        diag_fail(&c->diag, DIAG_USAGE, "name one shell: bash, zsh or fish");
        return cli_fail(c);
    }
    if (fflush(stdout) == 0 && !ferror(stdout))
        return 0;
    diag_fail(&c->diag, DIAG_CANNOT_WRITE, "standard output: %s", strerror(errno));
    return cli_fail(c);
}

const struct command cmd_completion = {
    .name = "completion",
    .args = "bash|zsh|fish",
    .summary = "print the completion of command lines for a shell",
    .example = "assay completion bash >/usr/share/bash-completion/completions/assay",
    .run = run_completion,
};
