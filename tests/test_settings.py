"""Settings from files, and secrets that stay secret; the commands' own lines about them are held elsewhere."""

from pathlib import Path

import pytest

from bot.channels.open import configured, folders, settings_class
from bot.channels.telegram.settings import TelegramSettings
from bot.settings import Settings, SettingsError, load_settings

TOKEN = "123456:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of this machine, and no .env of this folder."""
    for name in settings_class().model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(f"{name}_file".upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def test_a_secret_may_stand_in_a_file_named_by_the_setting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN_FILE", str(tmp_path / "token"))
    settings = load_settings(settings_class())
    assert isinstance(settings, TelegramSettings)
    assert settings.telegram_bot_token.get_secret_value() == TOKEN
    assert list(configured(settings)) == ["telegram"]


def test_a_named_file_that_is_not_there_is_told_with_its_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN_FILE", "nowhere")
    with pytest.raises(SettingsError, match=r"^TELEGRAM_BOT_TOKEN_FILE: nowhere: không đọc được"):
        load_settings(settings_class())


def test_no_secret_shows_in_what_is_printed_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    assert TOKEN.split(":")[1] not in repr(load_settings(settings_class()))


def test_a_wrong_token_is_told_without_repeating_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw")
    with pytest.raises(SettingsError) as told:
        load_settings(settings_class())
    assert str(told.value).startswith("TELEGRAM_BOT_TOKEN: ")
    assert "AAHdq" not in str(told.value)


def test_without_any_setting_there_is_no_token_and_a_file_as_database() -> None:
    settings = load_settings(settings_class())
    assert not configured(settings)
    assert settings.giaoban_database_url.startswith("sqlite:///")
    assert (settings.host, settings.port) == ("127.0.0.1", 8080)


def test_the_secrets_of_every_channel_are_known_to_whoever_has_to_hide_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("TELEGRAM_WEBHOOK_SECRET", "s3cret")
    assert {TOKEN, "s3cret"} <= set(load_settings(settings_class()).secrets())


def test_no_two_channels_use_one_name_in_their_settings() -> None:
    # They are one class in the end: a field or a check of the same name would take the place of the other.
    own = [set(vars(folder.settings)) - set(vars(Settings)) for folder in folders().values()]
    fields = [set(folder.settings.model_fields) - set(Settings.model_fields) for folder in folders().values()]
    names = [name for found in own + fields for name in found if not name.startswith("__")]
    assert len(names) == len(set(names))
