"""Moodle's offline grading worksheet: which column is which, and what its texts say. Pure.

Theory of operation. Moodle writes a worksheet's header and texts in the language of whoever
downloads it, and on upload finds three columns by their headers in the language of whoever
uploads it: identifier, grade, last change of the grade. So a table is a worksheet exactly if it
has these three in one language that is known here; `columns` returns None for any other. A row
is a person, called `Participant N`, of this one assignment, with teams too; N is also what a
download's folders are called by, but with teams these bear the group's number instead, which no
worksheet has. Nothing here may take the one number for the other.

Dates are read where they are written as in English, else they are not known.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


class Words(NamedTuple):
    """A language of Moodle's: headers of a worksheet, and texts in it. `{}` is a duration."""

    language: str
    identifier: str
    graded_at: str
    grade: str
    maximum: str
    changeable: str
    no: str
    feedback: str
    name: str
    group: str
    status: str
    submitted: str
    late: str
    submitted_at: str


@dataclass(frozen=True, slots=True)
class Columns:
    """Where a worksheet's columns stand, None for one that it does not have.

    `group` is there exactly with an assignment in teams; `maximum` is not where it is graded by a
    scale; `due` is somebody's own due date, where there are overrides and they can be read.
    Extra columns mean nothing to Moodle.
    """

    words: Words
    identifier: int
    graded_at: int
    grade: int
    maximum: int | None = None
    changeable: int | None = None
    feedback: int | None = None
    name: int | None = None
    group: int | None = None
    status: int | None = None
    submitted_at: int | None = None
    due: int | None = None


def columns(header: Sequence[str]) -> Columns | None:
    """Return where a worksheet's columns stand; None where the header is no worksheet's."""
    titles = [title.strip() for title in header]
    for words in LANGUAGES:
        needed = (words.identifier, words.graded_at, words.grade)
        if all(titles.count(title) == 1 for title in needed):
            others = (words.maximum, words.changeable, words.feedback, words.name, words.group,
                      words.status, words.submitted_at, _DUE)  # fmt: skip
            return Columns(
                words, *map(titles.index, needed), *(_index(titles, title) for title in others)
            )
    return None


def participant(text: str) -> str | None:
    """Return the number of `Participant 12`, None where there is none.

    >>> participant("Participant 12"), participant("参与人7"), participant("Ada")
    ('12', '7', None)
    """
    match = _NUMBER.search(text.strip())
    return match[0] if match else None


def own_due(due: str, status: str) -> datetime | None:
    """Return until when somebody has time, as the platform's clock goes: by override or extension.

    Of all that a status may hold only an extension has a date.
    """
    spaced = _spaced(status)
    granted = _DATE.search(spaced) or _AMERICAN.search(spaced)
    found = (moment(due), moment(granted[0]) if granted else None)
    return max((each for each in found if each is not None), default=None)


def is_submitted(status: str, words: Words) -> bool:
    """Tell whether a row's status says that something was handed in."""
    return status.strip().startswith(words.submitted)


def is_late(status: str, words: Words) -> bool | None:
    """Tell whether what was handed in was late; None where the status does not say.

    >>> is_late("Submitted for grading - 1 day 1 hour late -  - ", LANGUAGES[0])
    True
    """
    before, _, after = words.late.partition("{}")
    pattern = re.compile(f"{re.escape(before)}.+{re.escape(after)}")
    if any(pattern.fullmatch(part.strip()) for part in status.split(" - ")):
        return True
    return False if is_submitted(status, words) else None


def moment(text: str) -> datetime | None:
    """Return the time of a cell, as the platform's clock goes; None where it is not English.

    >>> moment("Monday, 23 November 2026, 4:57 PM")
    datetime.datetime(2026, 11, 23, 16, 57)
    """
    spaced = _spaced(text)
    match = _DATE.fullmatch(spaced) or _AMERICAN.fullmatch(spaced)
    if match is None or match["month"] not in _MONTHS:
        return None
    hour = int(match["hour"])
    if match["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match["half"].upper() == "PM" else 0)
    month = _MONTHS.index(match["month"]) + 1
    try:
        return datetime(int(match["year"]), month, int(match["day"]), hour, int(match["minute"]))
    except ValueError:
        return None


def _index(titles: Sequence[str], title: str) -> int | None:
    return titles.index(title) if title in titles else None


def _spaced(text: str) -> str:
    """Return a text with plain single spaces: some servers put a narrow one before PM."""
    return " ".join(text.split())


_DUE = "Due date"
"""In English, as are all dates that are read."""
_NUMBER = re.compile(r"[0-9]{1,18}$")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)
_WEEKDAY = "(?:[A-Z][a-z]+, )?"
_CLOCK = "(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?: (?P<half>[AaPp][Mm]))?"
_DATE = re.compile(
    rf"{_WEEKDAY}(?P<day>[0-9]{{1,2}}) (?P<month>[A-Z][a-z]+) (?P<year>[0-9]{{4}}), {_CLOCK}"
)
_AMERICAN = re.compile(
    rf"{_WEEKDAY}(?P<month>[A-Z][a-z]+) (?P<day>[0-9]{{1,2}}), (?P<year>[0-9]{{4}}), {_CLOCK}"
)

# By Moodle's language packs; a text that has changed there since is one more line here.
# fmt: off
LANGUAGES = (
    Words(
        "English", "Identifier", "Last modified (grade)", "Grade", "Maximum grade",
        "Grade can be changed", "No", "Feedback comments", "Full name", "Group", "Status",
        "Submitted for grading", "{} late", "Last modified (submission)",
    ),
    Words(
        "Arabic", "المُعرَّف", "آخر تعديل (التقدير)", "الدرجة", "أعلى تقدير",
        "يمكن تغيير الدرجة", "لا", "تعليقات الإفادة", "ًالاسم كاملا", "المجموعة", "الحالة",
        "مسلمة للتقييم", "{} متأخر", "آخر تعديل (التسليم)",
    ),
    Words(
        "Basque", "Identifikatzailea", "Azken aldaketa (kalifikazioa)", "Kalifikazioa",
        "Gehieneko kalifikazioa", "Kalifikazioa alda daiteke", "Ez", "Feedback-iruzkinak",
        "Izen osoa", "Taldea", "Egoera", "Kalifikatua izan dadin bidalita", "{} beranduago",
        "Azken aldaketa (bidalketa)",
    ),
    Words(
        "Catalan", "Identificador", "Darrera modificació (qualificació)", "Qualificació",
        "Qualificació màxima", "Es pot canviar la qualificació", "No",
        "Comentaris de retroacció.", "Nom complet", "Grup", "Estat",
        "S'ha tramès per qualificar", "{} tard", "Darrera modificació (tramesa)",
    ),
    Words(
        "Chinese", "标识符", "上次修改（评分）", "成绩", "最高分", "允许更改成绩", "否", "反馈意见",
        "全名", "小组", "状态", "已提交请评分", "迟{}", "上次修改（作业）",
    ),
    Words(
        "Dutch", "Identificatie", "Laatst gewijzigd (beoordeling)", "Cijfer", "Maximaal cijfer",
        "Het cijfer kan gewijzigd worden", "Nee", "Feedback tekstvak", "Volledige naam", "Groep",
        "Status", "Opdracht ingestuurd om te beoordelen", "{} laat",
        "Laatst gewijzigd (inzending)",
    ),
    Words(
        "French", "Identifiant", "Dernière modification (note)", "Note", "Note maximale",
        "La note peut être modifiée", "Non", "Feedback par commentaires", "Nom complet",
        "Groupe", "Statut", "Remis pour évaluation", "En retard de {}",
        "Dernière modification (travail remis)",
    ),
    Words(
        "Galician", "Identificador", "Última modificación (cualificación)", "Cualificación",
        "Cualificación máxima", "A cualificación pode seren cambiada", "Non", "Comentarios",
        "Nome completo", "Grupo", "Estado", "Entregado para cualificacións", "{} fora de prazo",
        "Última modificación (entrega)",
    ),
    Words(
        "German", "ID", "Zuletzt geändert (Bewertung)", "Bewertung", "Bestwertung",
        "Bewertung kann geändert werden", "Nein", "Feedback als Kommentar", "Vollständiger Name",
        "Gruppe", "Status", "Zur Bewertung abgegeben", "{} zu spät", "Zuletzt geändert (Abgabe)",
    ),
    Words(
        "Greek", "Αναγνωριστικό", "Τελευταία τροποποίηση (βαθμολόγηση)", "Βαθμός",
        "Μέγιστος Βαθμός", "Ο βαθμός μπορεί να αλλάξει", "Όχι", "Σχόλια ανατροφοδότησης",
        "Πλήρες όνομα", "Ομάδα", "Κατάσταση", "Υποβλήθηκε για βαθμολόγηση", "{} αργά",
        "Τελευταία τροποποιημένη (υποβολή)",
    ),
    Words(
        "Italian", "Identificativo", "Ultima modifica (valutazione)", "Valutazione",
        "Valutazione massima", "La valutazione può essere cambiata", "No", "Commenti", "Nome",
        "Gruppo", "Stato", "Consegnato per la valutazione", "{} in ritardo",
        "Ultima modifica (consegna)",
    ),
    Words(
        "Japanese", "ID", "最終更新日時 (評定)", "評点", "最大評点", "評点変更可", "No",
        "フィードバックコメント", "フルネーム", "グループ", "ステータス", "評定のために提出済み",
        "{} 遅く提出", "最終更新日時 (提出)",
    ),
    Words(
        "Korean", "식별자", "마지막 수정됨(성적)", "성적", "최대 성적",
        "Grade can be changed", "아니오", "피드백 코멘트", "전체 이름", "그룹", "상태",
        "채점을 위해 제출되었습니다.", "{} 늦음", "마지막 수정됨(제출)",
    ),
    Words(
        "Portuguese", "Identificador", "Última atualização (avaliação)", "Avaliação",
        "Nota máxima", "A nota pode ser alterada.", "Não", "Comentários de feedback",
        "Nome completo", "Grupo", "Estado", "Submetido para avaliação", "'{}' atrasado",
        "Última atualização (submissão)",
    ),
    Words(
        "Romanian", "Identificator", "Ultima modificare (nota)", "Notă", "Notă maximă",
        "Nota poate fi schimbată", "Nu", "Comentarii de feedback", "Nume complet", "Grup",
        "Status", "Trimis pentru notare", "{} întârziere", "Ultima modificare (a răspunsului)",
    ),
    Words(
        "Russian", "Идентификатор", "Последнее изменение (оценка)", "Оценка",
        "Максимальная оценка", "Оценка может быть изменена", "Нет", "Отзыв в виде комментария",
        "Полное имя", "Группы", "Статус", "Отправлено для оценивания",
        "Срок выполнения закончился {} назад", "Последнее изменение (ответ)",
    ),
    Words(
        "Spanish", "Identificador", "Última modificación (calificación)", "Calificación",
        "Calificación máxima", "La calificación puede ser cambiada", "No",
        "Comentarios de retroalimentación", "Nombre completo", "Grupo", "Estado",
        "Enviado para calificar", "{} después", "Última modificación (entrega)",
    ),
    Words(
        "Swedish", "Identifierare", "Senast modifierat (betyg)", "Betyg", "Maxbetyg",
        "Betyg kan ändras", "Nej", "Återkopplingskommentarer", "Fullständigt namn", "Grupp",
        "Status", "Inlämnad för betygsättning", "{} sent", "Senast modifierat (inlämning)",
    ),
    Words(
        "Turkish", "Tanımlayıcı", "Son düzenleme (not)", "Not", "Enyüksek not",
        "Not değiştirilebilir", "Hayır", "Geri bildirim yorumları", "Tam adı", "Grup", "Durum",
        "Not verilmesi için gönderildi", "{} sonrası", "Son düzenleme (gönderim)",
    ),
    Words(
        "Ukrainian", "Ідентифікатор", "Востаннє змінювалося (оцінка)", "Оцінка",
        "Максимальна оцінка", "Оцінка може бути змінена", "Ні", "Відгук - коментарем",
        "Повна назва", "Група", "Статус", "Здано на оцінення", "Здано на {} пізніше",
        "Востаннє змінювалося (здача)",
    ),
)
# fmt: on
